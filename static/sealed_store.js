// Keeps forms in this browser, sealed for one person: each under a kind and a name, in the order in
// which they came. The key never leaves the browser; it goes when the person signs out.

const ALGORITHM = { name: "AES-GCM", length: 256 };

export const isAvailable = Boolean(globalThis.indexedDB && globalThis.crypto?.subtle);

let opening = null;

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("sealed", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keys");
      const items = request.result.createObjectStore("items", { keyPath: "order", autoIncrement: true });
      items.createIndex("name", ["person", "kind", "name"], { unique: true });
      items.createIndex("order", ["person", "kind", "order"]);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function store(name, mode = "readonly") {
  return (await open()).transaction(name, mode).objectStore(name);
}

function within(...beginning) {
  return IDBKeyRange.bound(beginning, [...beginning, []]);
}

async function keyOf(person) {
  const found = await done((await store("keys")).get(person));
  if (found) return found;
  const fresh = await crypto.subtle.generateKey(ALGORITHM, false, ["encrypt", "decrypt"]);
  const keys = await store("keys", "readwrite");
  // Another tab may have made one in between.
  const other = await done(keys.get(person));
  if (!other) await done(keys.put(fresh, person));
  return other ?? fresh;
}

function sealing(iv, ...owner) {
  return { name: ALGORITHM.name, iv, additionalData: new TextEncoder().encode(owner.join("\n")) };
}

// Writes `form` (FormData) instead of what stood under that name; it keeps its place in the order.
export async function put(person, kind, name, form) {
  const written = new Response(form);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await keyOf(person);
  const sealed = await crypto.subtle.encrypt(sealing(iv, person, kind, name), key, await written.arrayBuffer());
  const record = { person, kind, name, at: Date.now(), type: written.headers.get("Content-Type"), iv, sealed };
  const items = await store("items", "readwrite");
  const order = await done(items.index("name").getKey([person, kind, name]));
  await done(items.put(order === undefined ? record : { ...record, order }));
}

async function unseal(record) {
  const key = record && (await done((await store("keys")).get(record.person)));
  if (!key) return null;
  const { person, kind, name, order, at, iv, sealed, type } = record;
  const opened = await crypto.subtle.decrypt(sealing(iv, person, kind, name), key, sealed);
  const form = await new Response(opened, { headers: { "Content-Type": type } }).formData();
  return { name, order, form, at: new Date(at) };
}

// What stands under that name: {name, order, form, at}, null where there is nothing that this
// person's key opens.
export async function get(person, kind, name) {
  return unseal(await done((await store("items")).index("name").get([person, kind, name])));
}

// The first of that kind that came after `order`, likewise.
export async function next(person, kind, order = 0) {
  const range = IDBKeyRange.bound([person, kind, order], [person, kind, []], true);
  return unseal(await done((await store("items")).index("order").get(range)));
}

export async function count(person, kind) {
  return done((await store("items")).index("name").count(within(person, kind)));
}

export async function remove(person, kind, name) {
  const items = await store("items", "readwrite");
  const order = await done(items.index("name").getKey([person, kind, name]));
  if (order !== undefined) await done(items.delete(order));
}

// Removes whatever is of that kind and older than `age` milliseconds, whosever it is.
export async function removeOlder(kind, age) {
  const items = await store("items", "readwrite");
  for (const record of await done(items.getAll())) {
    if (record.kind === kind && Date.now() - record.at > age) items.delete(record.order);
  }
}

// Removes all that is this person's, and the key.
export async function forget(person) {
  const items = await store("items", "readwrite");
  for (const order of await done(items.index("name").getAllKeys(within(person)))) items.delete(order);
  await done((await store("keys", "readwrite")).delete(person));
}
