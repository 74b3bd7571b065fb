#pragma once

#include "app/message.h"

namespace yagura::app {

/// Japanese, of terms of retention. The keys, and their order, are those of
/// messages_retention_en.h.
inline constexpr Message kJapaneseRetention[] = {
    {"retention.set", "映像の保存期間を、ある日から先について定める"},
    {"retention.set.about",
     "1 台のカメラ、場所 (SITE、SITE/BUILDING、SITE/BUILDING/FLOOR)、どちらも省けば庁舎全体の\n"
     "保存期間です。カメラの期間は階に、階は建物に、建物は敷地に、敷地は庁舎全体に優先します。\n"
     "同じ対象に複数あれば、最後に始まったものによります。期間は追加するだけで、変更しません。\n"
     "これにより早く消える映像があれば表示します。\n"
     "同じオプションの yagura retention plan で、何も変更せずに先に確かめられます。"},
    {"retention.list", "保存期間の一覧を表示する"},
    {"retention.list.about", "これまでに定めたすべてを、定めた順に表示します。"},
    {"retention.plan", "どの映像がいつ消えるかを表示する"},
    {"retention.plan.about",
     "今ある映像のうち、保存期間が過ぎて削除されるものを日ごとに表示します。保全中の映像は\n"
     "どの日にも消えません。yagura retention set のオプションを付けると、その期間を定めたときの\n"
     "予定と、それにより早く消えるものを表示します。何も変更しません。すべてのクリップの行を\n"
     "読みます。"},
    {"retention.days", "映像を保存する日数 (7 から 3650)"},
    {"retention.minimum_days", "容量が足りなくても保存する日数 (7 以上)"},
    {"retention.camera", "このカメラについて"},
    {"retention.place", "この場所について: SITE、SITE/BUILDING、SITE/BUILDING/FLOOR"},
    {"retention.purpose", "規程にある映像の利用目的"},
    {"retention.inherit", "固有の期間をやめ、それを含む場所の期間に戻す"},
    {"retention.value.days", "日数"},
    {"retention.both", "--camera と --place は同時に指定できません"},
    {"retention.both.next", "次の手順: カメラと場所の期間を別々に定めてください"},
    {"retention.what", "--days か --inherit のどちらか一方を指定してください"},
    {"retention.what.next",
     "次の手順: --days を指定します。固有の期間があるカメラや場所には --inherit も使えます"},
    {"retention.minimum", "--minimum-days {minimum} が --days {days} より長くなっています"},
    {"retention.minimum.next", "次の手順: --minimum-days は --days 以下にしてください"},
    {"retention.place.unknown", "場所「{given}」はありません"},
    {"retention.place.unknown.next",
     "次の手順: yagura place list で確かめ、HQ/MAIN/1F のように敷地からコードを書いてください"},
    {"retention.was_set", "保存期間の版 {version}: {of} {term}、{at} から"},
    {"retention.term", "{days} 日 (容量が足りないときも {minimum} 日)"},
    {"retention.no_term", "固有の期間なし"},
    {"retention.sooner",
     "警告: 今あるクリップのうち {clips} 個がこれにより早く消えます。最初は {date} です。次の手順: "
     "yagura retention plan で日ごとに確かめられます。{at} より前に別の期間を定めると、これに"
     "代わります"},
    {"retention.untold", "これにより早く消えるものは、今は分かりません: {why}"},
    {"retention.office", "庁舎全体"},
    {"retention.held", "どの日にも消えない保全中のクリップ: {clips}"},
    {"retention.nothing", "消える映像はありません"},
    {"statement", "保存期間を過ぎた映像が残っていないという、ある日の証明を表示する"},
    {"statement.about",
     "yagura keep は毎日、その日が終わった午前 0 時の 10 分後に、保存期間を過ぎて残っているもの、\n"
     "そのうち保全中のもの、その日に削除したものを記録し、監査ログの封印で署名します。\n"
     "終了コード 1: 保全中でないものが残っていた、まだ封印されていない、または監査ログや削除の\n"
     "証拠が署名したものと違っています。"},
    {"statement.value", "日付"},
    {"statement.day", "庁舎の日付 (例: 2027-04-01)"},
    {"statement.none", "「{day}」の証明はありません"},
    {"statement.none.next",
     "次の手順: 2027-04-01 のように過去の日付を書いてください。証明は、yagura keep の実行中、"
     "その日が終わって 10 分後に作られます"},
    {"statement.of", "{day} ({from} から {to} まで)、{at} に集計: {writer} の記録 {counter}"},
    {"statement.left", "保存期間を過ぎて残っていたもの: {count}"},
    {"statement.leaving", "保存期間を過ぎて削除中のもの: {count}"},
    {"statement.held", "保存期間を過ぎて保全中のもの: {count}"},
    {"statement.deleted", "この日に削除: 期間満了 {age}、容量 {space}、設置作業中 {staged}"},
    {"statement.count", "{clips} クリップ {bytes}"},
    {"statement.version", "保存期間の版 {version} まで"},
    {"statement.clean", "保全中のもののほかに、保存期間を過ぎた映像はありませんでした"},
    {"statement.not_clean", "保存期間を過ぎた映像が残っていました。次の手順: yagura status"},
    {"statement.signed", "{file} の封印で署名されています"},
    {"statement.unsigned",
     "{file} の封印はまだこの記録に及びません。次の手順: yagura keep の実行中、1 分待ってください"},
    {"statement.altered", "監査ログが署名したものと違います。次の手順: yagura audit check"},
    {"statement.proofs", "この日の削除の証拠は集計したときのままです"},
    {"statement.other_proofs", "この日の削除の証拠が集計したときと違います"},
    {"retention.column.version", "版"},
    {"retention.column.of", "対象"},
    {"retention.column.term", "保存期間"},
    {"retention.column.from", "開始"},
    {"retention.column.purpose", "目的"},
    {"retention.column.day", "日"},
    {"retention.column.clips", "クリップ"},
    {"retention.column.bytes", "容量"},
    {"retention.column.sooner", "早まるもの"},
};

}  // namespace yagura::app
