"""What error pages say: what happened, what is safe, what to do."""

from typing import NamedTuple

from flask_babel import gettext

from tracker.rules.labels import mark as _m


class Words(NamedTuple):
    """The three things that an error page says."""

    happened: str
    safe: str
    next_step: str


_NOTHING_CHANGED = _m("Chưa có gì được lưu hay thay đổi; dữ liệu vẫn như trước.")
_GO_BACK = _m("Hãy quay lại trang trước, sửa rồi gửi lại.")

_STALE_FORM = Words(
    _m("Biểu mẫu đã hết hiệu lực"),
    _NOTHING_CHANGED,
    _m("Hãy quay lại trang trước, tải lại trang rồi gửi lại; nếu cần, hãy đăng nhập lại."),
)
_OF_THE_SENDER = Words(_m("Yêu cầu này không dùng được"), _NOTHING_CHANGED, _GO_BACK)
_OF_THE_SYSTEM = Words(
    _m("Hệ thống gặp lỗi"),
    _m("Việc vừa gửi không được lưu dở dang: hoặc đã lưu trọn, hoặc chưa lưu gì."),
    _m("Hãy mở lại trang để xem đã lưu chưa rồi thử lại; nếu vẫn lỗi, hãy báo quản trị."),
)
_BY_CODE = {
    401: Words(_m("Cần đăng nhập"), _NOTHING_CHANGED, _m("Hãy đăng nhập rồi mở lại trang này.")),
    403: Words(
        _m("Bạn không có quyền làm việc này"),
        _NOTHING_CHANGED,
        _m("Nếu công việc cần đến, hãy đề nghị quản trị giao thêm vai trò."),
    ),
    404: Words(
        _m("Không có trang này"),
        _m("Không có gì bị mất: địa chỉ có thể sai, hoặc vụ việc ngoài phạm vi bạn được xem."),
        _m("Hãy kiểm tra địa chỉ, hoặc tìm vụ việc theo mã."),
    ),
    405: Words(
        _m("Không thể mở trực tiếp trang này"),
        _NOTHING_CHANGED,
        _m("Hãy quay về trang chính."),
    ),
    409: Words(
        _m("Người khác vừa thay đổi dữ liệu này"),
        _m("Thay đổi của người đó vẫn được giữ nguyên; việc bạn vừa gửi chưa được lưu."),
        _m("Hãy mở lại trang để xem bản mới nhất rồi làm lại."),
    ),
    413: Words(
        _m("Tệp quá lớn"),
        _NOTHING_CHANGED,
        _m("Hãy chia nhỏ hoặc giảm dung lượng tệp rồi gửi lại."),
    ),
    422: Words(_m("Không thực hiện được"), _NOTHING_CHANGED, _GO_BACK),
    429: Words(_m("Quá nhiều lần thử"), _NOTHING_CHANGED, _m("Hãy đợi vài phút rồi thử lại.")),
}


def error_words(code: int, is_stale_form: bool = False) -> Words:
    """What the error page for the HTTP status `code` says, in the language of the page."""
    if is_stale_form:
        words = _STALE_FORM
    else:
        words = _BY_CODE.get(code, _OF_THE_SENDER if code < 500 else _OF_THE_SYSTEM)
    return Words(*(gettext(sentence) for sentence in words))
