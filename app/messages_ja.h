#pragma once

#include "app/message.h"
#include "app/messages_audit_ja.h"
#include "app/messages_board_ja.h"
#include "app/messages_office_ja.h"
#include "app/messages_people_ja.h"
#include "app/messages_rollout_ja.h"

namespace yagura::app {

/// Japanese. The keys, and their order, are those of messages_en.h.
inline constexpr Message kJapaneseGeneral[] = {
    {"yagura.summary", "yagura は庁舎のカメラを録画し、権限のある人にだけ映像を渡します。"},

    {"help.usage", "使い方"},
    {"help.commands", "コマンド"},
    {"help.options", "オプション"},
    {"help.examples", "例"},
    {"help.required", "必須"},
    {"help.repeatable", "複数回指定可"},
    {"help.standard", "省略時は {value}"},
    {"help.command_help", "`{program} COMMAND --help` で各コマンドの説明と例を表示します。"},
    {"help.help_option", "この説明を表示する"},

    {"usage.no_command", "コマンドが指定されていません"},
    {"usage.unknown_command", "コマンド「{given}」はありません"},
    {"usage.unknown_option", "オプション「{given}」はありません"},
    {"usage.unexpected", "「{given}」の位置には何も指定できません"},
    {"usage.value_missing", "{option} には値が必要です"},
    {"usage.given_twice", "{option} が二度以上指定されています"},
    {"usage.options_missing", "指定されていません: {options}"},
    {"usage.did_you_mean", "。「{word}」ではありませんか"},
    {"usage.next", "次の手順: {command}"},

    {"error.invalid_argument", "内容が正しくありません"},
    {"error.unauthenticated", "ログインしていません"},
    {"error.permission_denied", "許可されていません"},
    {"error.not_found", "見つかりません"},
    {"error.already_exists", "すでにあります"},
    {"error.failed_precondition", "今はできません"},
    {"error.out_of_range", "範囲外です"},
    {"error.resource_exhausted", "空きがないか、上限を超えています"},
    {"error.unavailable", "利用できません。後でもう一度お試しください"},
    {"error.deadline_exceeded", "時間切れです。後でもう一度お試しください"},
    {"error.aborted", "同じ対象が同時に変更されました。もう一度お試しください"},
    {"error.data_loss", "保存データの破損または欠落です"},
    {"error.unimplemented", "対応していません"},
    {"error.internal", "yagura の不具合です"},

    {"value.file", "FILE"},
    {"option.config", "設定ファイル"},
    {"option.language", "表示の言語。省略時は LANG に従う"},
    {"configuration.wrong", "設定を使えません: {problem}"},
    {"configuration.next",
     "次の手順: {file} を直すか、--config で別のファイルを指定してください。各行の説明は "
     "deploy/yagura.toml.example にあります"},

    {"proxy_key.wrong",
     "{file} ([web] proxy_key) がないか、この利用者だけのもの (モード 0600) "
     "でないか、鍵ではありません"},
    {"proxy_key.next", "次の手順: deploy/nginx/render で作り、もう一度起動してください"},

    {"migrate", "データベースのスキーマを最新にする"},
    {"migrate.about",
     "未適用のマイグレーションを、役割 yagura_owner "
     "で、一つずつ一つのトランザクションで適用します。\n"
     "何度実行しても結果は同じです。新しい版を入れた後、各プロセスを起動する前に実行してください"
     "。"},
    {"migrate.done", "スキーマは最新です。今回適用した数: {count}"},
    {"database.not_migrated",
     "データベースに、このプログラムのマイグレーションが {count} 件適用されていません"},
    {"database.differs", "データベースのスキーマは、このプログラムのものと違います: {why}"},
    {"database.migrate_next",
     "次の手順: このプログラムの最新版で yagura migrate --config {file} を実行してください"},
    {"database.other_zone",
     "庁舎のタイムゾーンは {kept} ですが、設定は {given} です。クリップは {kept} "
     "の日付のフォルダにあり、このままでは見つかりません"},
    {"database.other_zone_next", "次の手順: {file} で time_zone = \"{kept}\" としてください"},

    {"value.code", "CODE"},
    {"value.name", "NAME"},
    {"value.text", "TEXT"},
    {"value.number", "NUMBER"},
    {"value.floor", "FLOOR"},
    {"value.post", "POST"},
    {"value.instant", "INSTANT"},
    {"option.if_absent", "すでにあれば何もせず成功とする"},
    {"option.json", "プログラム向けに JSON で出力する"},
    {"if_absent.next",
     "次の手順: 別の値を選ぶか、既存のままでよければ --if-absent を付けてください"},
    {"none", "なし"},
    {"nobody", "担当なし"},
    {"instant.wrong", "{option}: 日付か時差付きの日時が必要ですが、「{given}」が指定されました"},
    {"instant.next", "次の手順: {option} {example} のように書いてください"},
    {"instant.too_early", "{at} は早すぎます。変更は入力の 5 秒後以降でなければ有効になりません"},
    {"instant.too_early.next", "次の手順: --at を遅くするか、省略して最も早い時刻にしてください"},
    {"option.at", "有効になる日時 (例 2027-04-01T00:00:00+09:00)。省略時は最も早い 5 秒後"},
    {"range.wrong", "--to は --from より後でなければなりません"},
    {"range.next", "次の手順: --to を遅くするか、省略して無期限にしてください"},

    {"serve", "この一台で yagura のすべて（record、api、media、keep）を動かす"},
    {"serve.about",
     "四つのプロセスを起動し、終了したものは起動し直します。SIGTERM または Ctrl-C で止まります。\n"
     "どれか一つが落ちても、他のプロセスの仕事は失われません。"},
    {"record", "運用中のカメラを録画する"},
    {"record.about",
     "運用中の各カメラに接続し、クリップをボリュームに書き、目録に知らせます。\n"
     "データベースに届かない間も、最後に知っていたカメラの録画を続けます。"},
    {"record.no_volume",
     "{path} は見つからないか、空のフォルダか、以前と別のディスクです。ここには何も書きません"},
    {"record.no_volume_next",
     "次の手順: ボリュームをマウントしてください。新しいボリュームの場合: yagura volume format "
     "--config {file}"},
    {"record.runs", "この状態フォルダ ({path}) では別の録画プロセスが動いています"},
    {"record.runs_next", "次の手順: 先にそれを止めるか、別の state_directory を指定してください"},
    {"keep", "目録を保つ（保存期間、パーティション、警報）"},
    {"keep.about",
     "保存期間の過ぎた映像、またはボリュームが一杯のときは最も古い映像を削除し、その証跡を残します"
     "。\n"
     "目録のパーティションを前もって作り、監査記録の現在位置に毎分署名します。"},
    {"volume.format", "設定されたフォルダをクリップ用のボリュームにする"},
    {"volume.format.about",
     "空の [[volume]] "
     "フォルダそれぞれに識別子を書きます。マウントされていないディスクと取り違えないためです。\n"
     "既にボリュームであるフォルダはそのままです。"},
    {"volume.format.done", "{path} はボリューム {id} です"},
    {"volume.list", "ボリュームの使用量と満杯になる見込みを表示する"},
    {"volume.list.about",
     "yagura keep が最後に確認した状態です。見込みは直近 3 "
     "日間に各ボリュームへ録画した量によります。\n"
     "「満杯」の時点から、映像は保存期間が終わる前に削除され始めます。"},
    {"volume.list.path", "パス"},
    {"volume.list.stored", "保存量"},
    {"volume.list.holds", "容量"},
    {"volume.list.percent", "使用率"},
    {"volume.list.per_day", "1 日あたり"},
    {"volume.list.full", "満杯"},
    {"volume.list.enough", "保存期間に足りる"},
    {"volume.list.full_now", "現在"},
    {"volume.list.unknown", "未確認"},
    {"simulate", "録画済みの映像を RTSP カメラとして流す"},
    {"simulate.about",
     "カメラ 1 から N を rtsp://127.0.0.1:PORT/camera/<番号> "
     "で提供します。各フレームには印が付き、送出記録に\n"
     "送ったものが残るので、`yagura check --sent` が録画の正しさを判定できます。"},
    {"simulate.cameras", "カメラの台数"},
    {"simulate.port", "待ち受けるポート。0 は空いているポート"},
    {"simulate.loop",
     "繰り返し流す H.264 か H.265 のバイトストリーム。複数あればカメラに順に割り当てる"},
    {"simulate.rate", "毎秒のフレーム数。ループ自身の値の代わり"},
    {"simulate.sent_log", "送ったものをこのファイルに記録する"},
    {"simulate.faults", "いつどのカメラに何が起こるか。docs/design/fault-script.md を参照"},
    {"simulate.parameter_sets", "カメラがパラメータセットを知らせる場所"},
    {"simulate.drift", "カメラの時計がこちらよりどれだけ速く進むか"},
    {"simulate.credentials", "ユーザー名とパスワードの二行のファイル。- は標準入力"},
    {"simulate.auth", "認証の方式"},
    {"simulate.habit", "標準と異なる癖。カメラに順に割り当てる。all は既知のすべて"},
    {"check", "ファイル、目録、ジャーナル、送出記録を突き合わせる"},
    {"check.about",
     "ファイルのない行、行のないファイル、録画でも欠落でもない時間を見つけます。模擬カメラの送出記"
     "録があれば、\n"
     "送られた各フレームが一度だけ変わらず保存されているか、欠落の中にあるかを調べます。\n"
     "何も変更しません。終了コード 1 は不一致があったことを示します。"},
    {"check.sent", "模擬カメラの送出記録"},
    {"check.json", "報告を JSON で出力する"},
    {"check.rows", "目録の行"},
    {"check.files", "クリップファイル"},
    {"check.in_journal", "まだ行のないもの"},
    {"check.due", "録画対象"},
    {"check.recorded", "録画済み"},
    {"check.in_gaps", "欠落"},
    {"check.seconds", "{count} 秒"},
    {"check.frames_sent", "送出フレーム"},
    {"check.frames_stored", "保存済み"},
    {"check.frames_unsettled", "まだ判定できないもの"},
    {"check.frames_lost", "消失"},
    {"check.frames_broken", "送信側の台本で壊したもの"},
    {"check.disagreements", "不一致"},
    {"check.more", "ほか {count} 件"},
    {"api", "JSON API に答える"},
    {"api.about",
     "映像以外の API を、この機械の中だけに提供します。前には nginx が立ちます (deploy/nginx)。"},
    {"media", "映像を渡す"},
    {"media.about",
     "再生リスト、クリップ、動画ファイルを、この機械の中だけに提供します。前には nginx が立ちます "
     "(deploy/nginx)。"},
    {"decode", "符号化されたフレームから静止画を作る(隔離環境)"},
    {"decode.about",
     "静止画が必要なときに `yagura media` "
     "が起動します。標準入出力がパイプになります。\nネットワーク"
     "、ファイル、データベースには触れません。"},
    {"decode.signs", "注文ごとに、静止画ではなく、最初と最後のフレームを見比べた数値を返す"},
    {"pull_worker", "1台のカメラを UDP・マルチキャスト・TLS・HTTP で受信する(隔離環境)"},
    {"pull_worker.about",
     "`yagura record` が、通常の TCP で録画しないカメラごとに1つ起動します。標準入出力がパイプ"
     "になります。\nファイルとデータベースには触れません。"},
};

inline constexpr auto kJapaneseMessages =
    JoinMessages(kJapaneseGeneral, kJapaneseOffice, kJapaneseRollout, kJapanesePeople,
                 kJapaneseBoard, kJapaneseAudit);

}  // namespace yagura::app
