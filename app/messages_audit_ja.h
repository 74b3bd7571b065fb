#pragma once

#include "app/message.h"

namespace yagura::app {

/// Japanese, of the audit log. The keys, and their order, are those of messages_audit_en.h.
inline constexpr Message kJapaneseAudit[] = {
    {"audit.check", "監査記録に改ざんや欠落がないことを確かめる"},
    {"audit.check.about",
     "書き手ごとの記録の連鎖を最初から最後までたどり、`yagura keep` "
     "が毎分データベースの外で署名する"
     "封印と照合します。\n"
     "最初に改ざんまたは欠落した記録を示します。何も変更しません。終了コード "
     "1: 整合していません。\n"
     "封印と公開鍵の写しを、この機械の管理者の手が届かない所に保管し、その写しと照合してください"
     "。"},
    {"audit.check.seals", "封印のファイル。省略時は状態フォルダーのもの"},
    {"audit.check.key", "封印の公開鍵。省略時は状態フォルダーのもの"},
    {"audit.progress", "ここまで {count} 件"},
    {"audit.records", "書き手 {writers} 件の記録 {count} 件を確認しました"},
    {"audit.seals", "封印 {count} 件、最後は {at}"},
    {"audit.no_seals",
     "{file} に封印がありません。末尾の切り捨てや連鎖の書き直しは見つけられません。次の手順: "
     "yagura keep を動かすか、--seals でファイルを指定してください"},
    {"audit.bad_seal", "{file} の {line} 行目は署名された内容と違います。以降の行は使えません"},
    {"audit.missing", "{writer}: 記録 {counter} がありません"},
    {"audit.altered", "{writer}: 記録 {counter} が改ざんされています"},
    {"audit.cut_off", "{writer}: 記録 {counter} 以降がすべてありません"},
    {"audit.not_its_head", "{writer}: 連鎖の先頭値が記録 {counter} の前の記録と一致しません"},
    {"audit.no_head", "{writer}: 書いたことのない書き手の記録があります"},
    {"audit.not_as_sealed",
     "{writer}: 記録 {from} から {counter} に封印と違うものがあります。連鎖が書き直されています"},
    {"audit.holds", "監査記録は整合しています"},
    {"audit.does_not_hold", "監査記録は整合していません"},
};

}  // namespace yagura::app
