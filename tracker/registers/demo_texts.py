"""The standard texts of the sample office: (name, for which actions, body)."""

TEXTS = (
    (
        "Đã giải quyết xong",
        "answer",
        "Về vụ việc {{mã}}, tiếp nhận ngày {{ngày tiếp nhận}}: {{đơn vị}} đã kiểm tra thực tế và"
        " giải quyết xong.\n\nNội dung đã làm:\nNgày hoàn thành:",
    ),
    (
        "Giải thích, đúng quy định",
        "answer",
        "Về vụ việc {{mã}}, tiếp nhận ngày {{ngày tiếp nhận}}: {{đơn vị}} đã kiểm tra. Việc được"
        " nêu thực hiện đúng quy định tại:\n\n{{đơn vị}} đã giải thích rõ với công dân.",
    ),
    (
        "Hẹn thực hiện",
        "answer",
        "Về vụ việc {{mã}}: {{đơn vị}} ghi nhận nội dung phản ánh là đúng. Việc khắc phục cần"
        " kinh phí, thời gian chuẩn bị.\n\nViệc sẽ làm:\nThời gian hoàn thành:",
    ),
    (
        "Hướng dẫn gửi đúng cơ quan",
        "guide",
        "Nội dung thuộc thẩm quyền của cơ quan khác. Đã hướng dẫn công dân gửi đơn đến:\n\n"
        "Hồ sơ cần kèm theo:",
    ),
    (
        "Chuyển đơn đến cơ quan có thẩm quyền",
        "forward",
        "Nội dung không thuộc thẩm quyền của {{đơn vị tiếp nhận}}. Chuyển đơn, tiếp nhận ngày"
        " {{ngày tiếp nhận}}, đến:\n\nĐề nghị cơ quan nhận đơn báo kết quả cho công dân và"
        " {{đơn vị tiếp nhận}}.",
    ),
    (
        "Không đủ điều kiện thụ lý",
        "refuse",
        "Đơn không đủ điều kiện thụ lý theo quy định tại:\n\nLý do cụ thể:",
    ),
    (
        "Lưu: không rõ người gửi, không có căn cứ",
        "file",
        "Đơn không ghi rõ họ tên, địa chỉ người gửi và không kèm thông tin, tài liệu để kiểm tra."
        " Lưu để theo dõi.",
    ),
    (
        "Trả lại: không thuộc thẩm quyền",
        "return",
        "{{đơn vị}} đã xem xét vụ việc {{mã}}. Nội dung không thuộc chức năng, nhiệm vụ của"
        " {{đơn vị}} theo quy định tại:\n\nĐề nghị giao cho:",
    ),
    (
        "Giải quyết lại: chưa trả lời hết nội dung",
        "redo",
        "Bản trả lời chưa trả lời hết các nội dung công dân nêu. Đề nghị trả lời bổ sung,"
        " gửi {{đơn vị tiếp nhận}}, về:",
    ),
    (
        "Tạm đình chỉ: chờ kết luận của cơ quan khác",
        "suspend",
        "Việc giải quyết vụ việc {{mã}} phải chờ kết quả của cơ quan khác:\n\nDự kiến có kết quả:",
    ),
    (
        "Xin gia hạn: cần thêm thời gian xác minh",
        "request_extension extend",
        "Vụ việc {{mã}} có nhiều nội dung, liên quan nhiều bên, cần thêm thời gian xác minh.\n\n"
        "Việc đã làm:\nViệc còn lại:",
    ),
)
