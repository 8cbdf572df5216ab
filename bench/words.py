"""Words of an invented office: its units, places, matters and how they are told."""

from dataclasses import dataclass

DISTRICT = "Văn phòng UBND quận"

WARDS = (
    "Bồ Đề", "Cự Khối", "Đức Giang", "Gia Thụy", "Giang Biên", "Long Biên", "Ngọc Lâm",
    "Ngọc Thụy", "Phúc Đồng", "Phúc Lợi", "Sài Đồng", "Thạch Bàn", "Thượng Thanh", "Việt Hưng",
)  # fmt: skip

DEPARTMENTS = (
    "Phòng Quản lý đô thị",
    "Phòng Tài nguyên và Môi trường",
    "Phòng Giáo dục và Đào tạo",
    "Phòng Y tế",
    "Phòng Lao động – Thương binh và Xã hội",
    "Phòng Văn hóa và Thông tin",
    "Phòng Kinh tế",
    "Phòng Tư pháp",
    "Phòng Nội vụ",
    "Thanh tra quận",
    "Công an quận",
    "Đội Quản lý trật tự xây dựng đô thị",
)

CHANNELS = (
    "Giao ban dư luận xã hội",
    "Cộng tác viên dư luận xã hội",
    "MTTQ và các đoàn thể",
    "Báo chí, mạng xã hội",
    "Đường dây nóng",
    "Tiếp công dân định kỳ",
    "Hội nghị đối thoại",
    "Bưu chính",
)

STREETS = (
    "Bồ Đề", "Cổ Linh", "Đức Giang", "Gia Quất", "Hoa Lâm", "Hoàng Như Tiếp", "Huỳnh Tấn Phát",
    "Huỳnh Văn Nghệ", "Kẻ Tạnh", "Lâm Du", "Mai Chí Thọ", "Ngô Gia Tự", "Ngọc Lâm", "Ngọc Trì",
    "Nguyễn Sơn", "Nguyễn Văn Cừ", "Ô Cách", "Phú Viên", "Phúc Lợi", "Thạch Bàn", "Thanh Am",
    "Trạm", "Trường Lâm", "Vạn Hạnh", "Việt Hưng", "Vũ Xuân Thiều",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matter:
    """What people bring in one field: sentences with {street}, {number}, {area} to be filled."""

    field: str
    department: str
    sentences: tuple[str, ...]


MATTERS = (
    Matter(
        "Giao thông, hạ tầng đô thị",
        "Phòng Quản lý đô thị",
        (
            "Ngập úng kéo dài tại ngõ {number} phố {street} mỗi khi mưa lớn",
            "Đề nghị lắp đặt đèn tín hiệu tại nút giao phố {street} vì thường xuyên xảy ra tai nạn",
            "Mặt đường phố {street} đoạn qua phường {area} bị đào lên, hoàn trả không bằng phẳng",
            "Đèn chiếu sáng ngõ {number} phố {street} hỏng nhiều tháng chưa được thay",
            "Nắp hố ga trước số nhà {number} phố {street} bị mất, rất nguy hiểm cho trẻ em",
        ),
    ),
    Matter(
        "Trật tự xây dựng",
        "Đội Quản lý trật tự xây dựng đô thị",
        (
            "Công trình số nhà {number} phố {street} xây dựng sai phép, vượt tầng",
            "Xây dựng nhà xưởng trên đất nông nghiệp tại tổ {number} phường {area}",
            "Công trình tại ngõ {number} phố {street} làm nứt nhà liền kề",
        ),
    ),
    Matter(
        "Môi trường, vệ sinh",
        "Phòng Tài nguyên và Môi trường",
        (
            "Bãi tập kết phế thải xây dựng trái phép ven đê phường {area}",
            "Mùi hôi từ mương thoát nước phố {street} ảnh hưởng đến sinh hoạt của nhân dân",
            "Rác thải sinh hoạt tại ngõ {number} phố {street} không được thu gom đúng giờ",
            "Cơ sở tái chế nhựa tổ {number} phường {area} xả khói vào ban đêm",
        ),
    ),
    Matter(
        "Đất đai, giải phóng mặt bằng",
        "Phòng Tài nguyên và Môi trường",
        (
            "Chậm cấp giấy chứng nhận quyền sử dụng đất cho các hộ tổ {number} phường {area}",
            "Giá bồi thường giải phóng mặt bằng dự án đường {street} chưa thỏa đáng",
            "Lấn chiếm đất công tại ngõ {number} phố {street} để làm nơi trông giữ xe",
        ),
    ),
    Matter(
        "Giáo dục",
        "Phòng Giáo dục và Đào tạo",
        (
            "Phụ huynh phản ánh các khoản thu đầu năm tại trường tiểu học {area} chưa công khai",
            "Sĩ số các lớp tại trường trung học cơ sở {area} quá đông",
            "Đề nghị xây thêm trường mầm non công lập tại phường {area}",
        ),
    ),
    Matter(
        "Y tế, an toàn thực phẩm",
        "Phòng Y tế",
        (
            "Thực phẩm bán trước cổng trường {area} không rõ nguồn gốc",
            "Trạm y tế phường {area} thiếu thuốc cấp cho người có thẻ bảo hiểm",
        ),
    ),
    Matter(
        "Chính sách xã hội",
        "Phòng Lao động – Thương binh và Xã hội",
        (
            "Chậm chi trả trợ cấp xã hội cho người cao tuổi tổ {number} phường {area}",
            "Đề nghị xét lại danh sách hộ cận nghèo tổ {number} phường {area}",
        ),
    ),
    Matter(
        "An ninh trật tự",
        "Công an quận",
        (
            "Nghi có tụ điểm đánh bạc tại ngõ {number} phố {street}",
            "Thanh niên tụ tập, gây tiếng ồn về đêm tại vườn hoa phường {area}",
            "Quán hát trong khu dân cư phố {street} hoạt động quá giờ quy định",
        ),
    ),
    Matter(
        "Quản lý chung cư",
        "Phòng Quản lý đô thị",
        (
            "Cư dân chung cư phố {street} phản ánh chủ đầu tư chưa bàn giao quỹ bảo trì",
            "Hệ thống phòng cháy chữa cháy chung cư tại phường {area} không hoạt động",
        ),
    ),
    Matter(
        "Cải cách hành chính, thái độ cán bộ",
        "Phòng Nội vụ",
        (
            "Hồ sơ đăng ký kinh doanh trả chậm so với giấy hẹn {number} ngày",
            "Cán bộ bộ phận một cửa phường {area} hướng dẫn thủ tục nhiều lần, gây phiền hà",
        ),
    ),
)

DETAILS = (
    "Nhân dân đã phản ánh nhiều lần nhưng chưa được giải quyết.",
    "Sự việc kéo dài từ đầu năm đến nay.",
    "Tổ dân phố đã họp và thống nhất kiến nghị lên cấp trên.",
    "Đề nghị cơ quan chức năng kiểm tra, trả lời bằng văn bản cho nhân dân được biết.",
    "Nhân dân lo ngại ảnh hưởng đến sức khỏe của người già và trẻ nhỏ.",
    "Đề nghị có thời hạn cụ thể và công khai kết quả tại nhà văn hóa tổ dân phố.",
    "Phường đã lập biên bản nhưng tình trạng vẫn tiếp diễn.",
)

ANSWERS = (
    "Đơn vị đã kiểm tra thực tế, lập biên bản và yêu cầu khắc phục; đến nay đã xử lý xong.",
    "Đã tổ chức đối thoại với các hộ dân, giải thích quy định hiện hành; nhân dân đồng tình.",
    "Đã phối hợp với đơn vị quản lý sửa chữa, hoàn thành và bàn giao đưa vào sử dụng.",
    "Nội dung phản ánh là có cơ sở; đã xử phạt vi phạm hành chính và buộc khôi phục hiện trạng.",
    "Qua xác minh, nội dung phản ánh chưa chính xác; đã thông tin, định hướng dư luận.",
)
PROMISE = "Đã đưa vào kế hoạch đầu tư; sẽ thực hiện khi được bố trí vốn."
ASKED = "Kiểm tra, giải quyết và trả lời trong thời hạn quy định."
REASON = "Nội dung không thuộc thẩm quyền của quận."
WITHDRAWN = "Công dân có đơn xin rút."
