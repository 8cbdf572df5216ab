// Sends one item of a meeting. entry: { address, fields }, fields a FormData. Gives what the server
// says: { saved } or { errors }, texts by field. Throws where it can't be reached.

export async function send(entry) {
  const answer = await fetch(entry.address, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: entry.fields,
  });
  if (answer.status === 201) return { saved: await answer.json() };
  if (answer.status === 422) return await answer.json();
  throw new Error(`not taken: ${answer.status}`);
}
