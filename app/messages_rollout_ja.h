#pragma once

#include "app/message.h"

namespace yagura::app {

/// Japanese, part three: the office as files, phases, states of cameras. The keys, and their order,
/// are those of messages_rollout_en.h.
inline constexpr Message kJapaneseRollout[] = {
    {"office.import", "庁舎の情報をファイルのとおりにする"},
    {"office.import.about",
     "DIR には、表計算ソフトで保存した 9 つの CSV (places, units, people, assignments, phases, "
     "cameras, placements,\n"
     "charges, states) を置きます "
     "(docs/design/office-csv.md)。追加・変更される内容と、誰がどのカメラを"
     "いつから見られる・\n"
     "見られなくなるかを表示します。--apply "
     "を付けると実行します。全部を行うか、何も行わないかです。\n"
     "ファイルは庁舎全体を表します。まず yagura office export で書き出し、行は消さないでください。"
     "終わるものには終了 (to)、\n"
     "撤去するカメラには状態 retired、利用をやめる人には停止 (disabled) を書きます。\n"
     "パスワードはどのファイルにもありません。利用者は yagura person、カメラは yagura camera "
     "change "
     "で設定します。"},
    {"office.export", "庁舎の情報をファイルに書き出す"},
    {"office.export.about",
     "登録されている庁舎の情報を、過去と予定も含め、9 つの CSV として DIR に書き出します。DIR "
     "がなければ作り、同名の\n"
     "ファイルは置き換えます。表計算ソフトで開けます。書き出したものを取り込んで"
     "書き出すと、\n"
     "同じバイト列になります。"},
    {"office.diff", "ファイルと庁舎の情報の違いを表示する"},
    {"office.diff.about",
     "ファイルだけにある行、登録だけにある行、異なる行を 1 行ずつ表示します。何も変更しません。\n"
     "違いがあれば終了コードは 1 です。"},
    {"office.folder", "9 つのファイルがあるフォルダー"},
    {"office.apply", "実行する。省略時は表示だけ"},
    {"office.refused", "ファイルのとおりにはできません。何も変更していません ({count} 件):"},
    {"office.refused.next",
     "次の手順: これらの行を直してもう一度。正しい形のファイルは yagura office export DIR "
     "で得られます"},
    {"office.more_problems", "ほか {count} 件"},
    {"office.another",
     "別の庁舎のファイルです。登録されているカメラ {stored} 台のうち {known} 台しか載っていません。"
     "何も変更していません ({count} 件):"},
    {"office.another.next",
     "次の手順: yagura office export DIR "
     "で書き出したファイルから始めるか、次のコマンドで別の庁舎として"
     "動かしてください: deploy/demo --office DIR --folder 別のフォルダー"},
    {"office.no_folder", "フォルダー「{folder}」はありません"},
    {"office.no_folder.next", "次の手順: yagura office export {folder} で作れます"},
    {"office.not_written", "「{file}」に書き込めません"},
    {"office.not_written.next", "次の手順: この利用者が書き込めるフォルダーを指定してください"},
    {"office.same", "すでにファイルのとおりです"},
    {"office.row.added", "+ {file}: {row}"},
    {"office.row.changed", "~ {file}: {row}: {column} {before} -> {after}"},
    {"office.row.gone", "- {file}: {row}"},
    {"office.forgets",
     "! cameras.csv: {camera}: url のホストかポートが変わるか、transport が tls "
     "でなくなるため、保存されている認証情報は消えます。"
     "新しいものは yagura camera change --camera {camera} --credentials で設定してください"},
    {"office.gains", "  {person} は {at} から {count} 台を見られるようになります: {cameras}"},
    {"office.loses", "  {person} は {at} から {count} 台を見られなくなります: {cameras}"},
    {"office.gains_past",
     "  {person} は {at} から、{unit} の {count} 台の過去の映像を見られるようになります: "
     "{cameras}"},
    {"office.loses_past",
     "  {person} は {at} から、{unit} の {count} 台の過去の映像を見られなくなります: {cameras}"},
    {"office.and_more", "ほか {count} 台"},
    {"office.nobody", "  映像を見られる人は変わりません"},
    {"office.preview", "追加 {added} 行、変更 {changed} 行。まだ何も変更していません"},
    {"office.preview.next", "次の手順: {command}"},
    {"office.applied", "完了しました: 追加 {added} 行、変更 {changed} 行"},
    {"office.new_people",
     "パスワードが未設定の利用者: {people} (次の手順: yagura person initial-passwords)"},
    {"office.exported", "{folder} に書き出しました: 9 ファイル、{rows} 行"},

    {"camera.import", "ファイルからカメラを追加する"},
    {"camera.import.about",
     "FILE は表計算ソフトで保存した CSV で、1 行に 1 台です: code, name, floor, unit, phase, url, "
     "state, transport, sub_url, record_sub。phase と state は\n"
     "空欄にできます (計画になります)。transport (空欄は tcp)、sub_url と record_sub "
     "(空欄はサブストリームなし) は "
     "列ごと省けます。追加される内容を表示し、--apply を付けると実行します。"
     "全部を行うか、何も行わないかです。\n"
     "5 秒後に、その階に置かれ、その部署の所管になります。"},
    {"camera.import.file", "ファイル"},
    {"camera.import.no_file", "「{file}」を読めません"},
    {"camera.import.no_file.next",
     "次の手順: 1 行目が code,name,floor,unit,phase,url,state の CSV を指定してください"},
    {"fault.file_missing", "ファイルがありません"},
    {"fault.file_too_large", "ファイルが 8 MiB を超えています"},
    {"fault.file_unknown", "庁舎の情報にこの名前のファイルはありません"},
    {"fault.utf16", "UTF-16 です。CSV UTF-8 で保存してください"},
    {"fault.encoding", "UTF-8 でも CP932 (シフト JIS) でもありません"},
    {"fault.no_header", "ファイルが空です。1 行目に列の名前が必要です"},
    {"fault.column_missing", "この列がありません"},
    {"fault.column_twice", "この列が 2 つあります"},
    {"fault.column_unknown", "このファイルにこの列はありません"},
    {"fault.stray_quote", "引用符で始まらない欄に引用符があります"},
    {"fault.after_quote", "閉じる引用符の後ろに文字があります"},
    {"fault.unclosed_quote", "ここで開く引用符が閉じられていません"},
    {"fault.bare_return", "行が CR だけで終わっています。LF か CRLF が必要です"},
    {"fault.field_too_long", "欄が 4096 バイトを超えています"},
    {"fault.too_many_fields", "1 行に 64 を超える欄があります"},
    {"fault.too_many_records", "ファイルが 50000 行を超えています"},
    {"fault.field_count", "欄は {other} 個のはずですが {given} 個あります"},
    {"fault.empty", "空欄です"},
    {"fault.bad_code", "「{given}」はコードにできません。空白と「/」のない 1〜64 バイトです"},
    {"fault.bad_place", "「{given}」は場所ではありません。HQ、HQ/MAIN、HQ/MAIN/1F の形です"},
    {"fault.bad_username", "「{given}」はログイン名にできません。英小文字・数字と . _ - です"},
    {"fault.bad_name", "長すぎるか、改行や制御文字が含まれています"},
    {"fault.bad_number", "「{given}」は -1000 から 1000 の整数ではありません"},
    {"fault.bad_instant",
     "「{given}」は日時ではありません。2027-04-01、2027/4/1 9:30、2027-04-01T09:30:00+09:00 "
     "の形です"},
    {"fault.bad_url", "rtsp://10.20.1.3/stream1 の形のアドレスではありません"},
    {"fault.url_credentials",
     "アドレスに利用者名か「@」があります。yagura camera change --credentials で設定してください"},
    {"fault.bad_post", "「{given}」という職はありません"},
    {"fault.bad_state", "「{given}」という状態はありません"},
    {"fault.bad_transport",
     "「{given}」という受け取り方はありません。tcp、udp、multicast、tls、http、auto のどれかです"},
    {"fault.bad_yes_no", "「{given}」は yes でも no でもありません"},
    {"fault.no_sub_stream", "サブストリームを録画するとありますが、sub_url がありません"},
    {"fault.unwanted", "並び順は階だけにあります"},
    {"fault.twice", "「{given}」が 2 つあります。最初は {other} 行目です"},
    {"fault.stored", "「{given}」はすでに登録されています"},
    {"fault.unknown", "「{given}」は {other} にありません"},
    {"fault.not_a_floor", "「{given}」は階ではありません。HQ/MAIN/1F の形です"},
    {"fault.reversed", "終了 {given} が開始 {other} より後ではありません"},
    {"fault.overlap", "{given} に始まりますが、{other} 行目がまだ終わっていません"},
    {"fault.below_itself", "部署が自分自身の下にあります"},
    {"fault.outside_unit", "「{given}」はその間ずっとは存在しません (存在する期間: {other})"},
    {"range.from", "{at} から"},
    {"range.until", "{at} まで"},
    {"fault.no_end", "後継部署がありますが、いつからかを示す終了 (to) がありません"},
    {"fault.no_successor",
     "「{other}」は後継部署にできません。同じ管理主体の、この部署の終了時に存在する部署が必要です"},
    {"fault.stateless", "「{given}」の行が states.csv にありません"},
    {"fault.bad_step", "カメラは {other} から {given} になれません"},
    {"fault.unplaced", "録画する状態の間ずっと、{other} に行が必要です"},
    {"fault.retired", "カメラは {other} に撤去されます。それまでに終わる必要があります"},
    {"fault.gone", "「{given}」は登録されていますが行がありません。終了 (to) を書いてください"},
    {"fault.gone_stays",
     "「{given}」は登録されていますが行がありません。使わなくなっても、行は残してください"},
    {"fault.gone_person",
     "「{given}」は登録されていますが行がありません。行を残し、停止 (disabled) "
     "に日付を書いてください"},
    {"fault.gone_camera",
     "「{given}"
     "」は登録されていますが行がありません。このカメラの行をすべて残し、終わっていない行に終了 "
     "(to) を書き、その日時から始まる状態 retired を states.csv に加えてください"},
    {"fault.fixed", "「{other}」と登録されており、変更できません"},
    {"fault.past", "{other} に終わっています。過去は変更できません"},
    {"fault.too_early", "「{given}」は早すぎます。今から 5 秒後以降にしてください"},

    {"camera.stage", "カメラを準備する (誰にも見えない録画)"},
    {"camera.stage.about",
     "--at "
     "からの録画で動作を確かめます。誰にも見えず、運用を始めると削除されます。ライブは運用担当だけ"
     "が"
     "見られます。"},
    {"camera.accept", "カメラの検収を記録する"},
    {"camera.accept.about",
     "運用担当が動作を確かめました。--note に確かめ方を書き、保存します。--at "
     "から録画を止め、工期を待ちます。\n"
     "工期の日時に yagura keep が運用を始めます。"},
    {"camera.suspend", "カメラの録画を休止する"},
    {"camera.suspend.about",
     "場所と所管はそのままです。yagura camera change --state in_service で再開します。"},
    {"camera.retire", "カメラを撤去する"},
    {"camera.retire.about",
     "--at から録画されず、置き場所も担当もなくなります。映像は録画した部署のもとに残り、\n"
     "コードは再利用できません。"},
    {"camera.move", "カメラを別の階に移す"},
    {"camera.move.about",
     "--at からその階に置かれ、--unit "
     "を付けると同じ時刻からその部署の所管になります。それまでの映像は、"
     "録画時の階と部署の\n"
     "ものです。"},
    {"camera.replace", "カメラの機器を交換する"},
    {"camera.replace.about",
     "コード・場所・映像はそのままで、アドレスがすぐに変わります。古い機器の認証情報は消えます。新"
     "しいものは\n"
     "--credentials で設定します。"},
    {"camera.unpark", "切り離したカメラに再び接続する"},
    {"camera.unpark.about",
     "10 分以内に 2 回、録画プロセスを異常終了させたカメラは切り離されます。yagura status "
     "で分かります。\n"
     "このコマンドで再び録画され、それまでの異常終了は数えません。カメラのファームウェアや設定、"
     "または yagura を新しく\n"
     "してから行ってください。そうしないと、再び切り離されるまでに全カメラの録画が数秒ずつ 2 "
     "回途切れます。\n"
     "アドレスや認証情報の変更、機器の交換では自動で解除されます。"},
    {"camera.certificates", "TLS のカメラが示した証明書の一覧を表示する"},
    {"camera.certificates.about",
     "各カメラの証明書は最初の接続で示されたもの（SHA-256）です。その後に別の証明書を示したカメラに"
     "は何も送らず、\n"
     "録画もしません。「拒否中」が今示している証明書です。"},
    {"camera.forget_certificate", "カメラが次に示す証明書をそのカメラのものとする"},
    {"camera.forget_certificate.about",
     "カメラの証明書を自分で入れ替えたときに使います。先に yagura camera certificates "
     "の「拒否中」と見比べてください。\n"
     "今そのカメラの場所にいる相手に認証情報が渡ります。"},
    {"option.note", "確かめたこと"},
    {"option.only_phase", "この工期のカメラだけ"},
    {"option.phase", "属する工期"},
    {"camera.now", "{code} は {at} から {state} です"},
    {"camera.moved", "{code} は {at} から {floor} に置かれます"},
    {"camera.replaced", "{code} の機器を交換しました"},
    {"camera.unparked", "{code} に 1、2 秒で再び接続します"},
    {"camera.certificate_forgotten", "{code} が次に示す証明書をそのカメラのものとします"},
    {"camera.is_retired", "{code} は撤去済みか、撤去されます"},
    {"camera.bad_step", "{code} はそのとき {before} で、{after} にはなれません"},
    {"camera.bad_step.next",
     "次の手順: yagura camera list --all。計画 -> 準備 -> 検収済 -> 運用中"},
    {"camera.later_change", "{code} は {at} 以降の変更が登録済みか、撤去されます"},
    {"camera.later_change.next",
     "次の手順: yagura camera list --all で確かめ、後の --at を指定してください"},

    {"phase.add", "工期を追加する"},
    {"phase.add.about",
     "その日時に、カメラがすべて検収済なら yagura keep "
     "が運用を始めます。そうでなければ、すべて検収された"
     "ときに始めます。\n"
     "カメラは yagura camera change --phase で属します。"},
    {"phase.change", "工期の名前や日時を変える"},
    {"phase.change.about", "すでに運用中のカメラはそのままです。"},
    {"phase.list", "工期と進み具合を一覧する"},
    {"phase.list.about", "各工期のカメラが今どの状態に何台あるかを表示します。"},
    {"phase.show", "工期と、足りないものを表示する"},
    {"phase.show.about",
     "階ごとに、済んだ台数と、まだのカメラの理由 (未準備、録画されていない理由、未検収) "
     "を表示します。\n"
     "運用中で録画されていないカメラも示します。"},
    {"option.phase_code", "空白のない短い名前 (例 P1)"},
    {"option.phase_name", "呼び名"},
    {"option.starts", "運用を始める日時: 2027-06-01、または時刻まで"},
    {"option.the_phase", "工期のコード"},
    {"phase.added", "追加しました: {code}、運用開始 {at}"},
    {"phase.there", "{code} はすでにあります"},
    {"phase.changed", "{code} を変更しました、運用開始 {at}"},
    {"phase.unknown", "工期「{given}」はありません"},
    {"phase.unknown.next", "次の手順: yagura phase list"},
    {"phase.no_change", "変更する内容が指定されていません"},
    {"phase.no_change.next", "次の手順: yagura phase change --help"},
    {"phase.bad_date", "{option}: 「{given}」は日時ではありません"},
    {"phase.bad_date.next", "次の手順: 2027-06-01 のような日付か日時を指定してください"},
    {"phase.in_service", "{code} {name}: {at} から運用中、{count} 台"},
    {"phase.ready", "{code} {name}: {count} 台すべて検収済。{at} に運用を始めます"},
    {"phase.lacks", "{code} {name}: {at} までに {count} 台がまだ検収されていません: {cameras}"},
    {"phase.empty", "{code} {name}: 属するカメラがありません。日時は {at} です"},
    {"column.starts", "開始"},
    {"column.cameras", "台数"},
    {"column.missing", "未検収"},
    {"column.accepted", "検収済"},
    {"column.in_service", "運用中"},
    {"column.phase", "工期"},
    {"column.transport", "受け取り方"},
    {"column.certificate", "証明書"},
    {"column.since", "初回"},
    {"column.refused", "拒否中"},
    {"column.sub_stream", "サブストリーム"},
    {"sub_stream.recorded", "録画あり"},
    {"sub_stream.watched", "見るときだけ"},
};

}  // namespace yagura::app
