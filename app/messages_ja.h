#pragma once

#include "app/message.h"
#include "app/messages_audit_ja.h"
#include "app/messages_board_ja.h"
#include "app/messages_office_ja.h"
#include "app/messages_people_ja.h"
#include "app/messages_retention_ja.h"
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
    {"store_keys.wrong",
     "{file} ([object_store] keys) がないか、この利用者だけのもの (モード 0600) でないか、"
     "2 行ではありません"},
    {"store_keys.next",
     "次の手順: アクセスキーとシークレットキーを 1 行ずつ書き、もう一度起動してください"},
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
     "「満杯」の時点から、映像は保存期間が終わる前に削除され始めます。\n"
     "「重み」は設定ファイルの値です。0 "
     "のボリュームには新しく録画しません。「-」は設定ファイルにありません。"},
    {"volume.list.path", "パス"},
    {"volume.list.weight", "重み"},
    {"volume.list.stored", "保存量"},
    {"volume.list.holds", "容量"},
    {"volume.list.percent", "使用率"},
    {"volume.list.per_day", "1 日あたり"},
    {"volume.list.full", "満杯"},
    {"volume.list.enough", "保存期間に足りる"},
    {"volume.list.full_now", "現在"},
    {"volume.list.store",
     "オブジェクトストア {address}: クリップ {clips} 件、{stored}。{until} "
     "より前に終わったものは複製済み"},
    {"volume.list.fault", "  現在は複製できません: {why}"},
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
     "ファイルのない行、行のないファイル、録画でも欠落でもない時間を見つけます。--checksums "
     "を付けると、\n"
     "書き込み後に変わったバイトも見つけます。すべての映像を読むので、ひと月分なら何時間もかかりま"
     "す。模擬カメラの送出記録が\n"
     "あれば、送られた各フレームが一度だけ変わらず保存されているか、欠落の中にあるかを調べます。\n"
     "何も変更せず、録画中でも実行できます。終了コード 1 は不一致があったことを示します。"},
    {"check.checksums", "すべてのバイトを読み、書き込んだものと照合する"},
    {"check.sent", "模擬カメラの送出記録"},
    {"check.json", "報告を JSON で出力する"},
    {"check.rows", "目録の行"},
    {"check.files", "クリップファイル"},
    {"check.objects", "オブジェクトストアの複製"},
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
    {"check.clips_read", "検査合計と照合したクリップ"},
    {"check.megabytes_read", "メガバイト"},
    {"check.progress", "検査合計: {all} クリップ中 {clips}、{percent} %"},
    {"check.disagreements", "不一致"},
    {"check.file_missing", "ファイルのない行"},
    {"check.file_missing.next",
     "→ 複製からファイルを戻し、誰が消したかを調べてください。クリップを消すのは yagura keep "
     "だけで、その証跡を残します。"},
    {"check.file_differs", "行の記載と違うファイル"},
    {"check.file_differs.next",
     "→ そのまま置いてください。壊れていない部分は再生できます。ディスクの状態と、ほかに書き込むも"
     "のがないかを調べてください。"},
    {"check.file_unknown", "どこにも記載のないクリップ"},
    {"check.file_unknown.next",
     "→ 誰も再生できません。データベースを古い複製から戻していませんか。そのまま置いてください。"
     "yagura catalogue rebuild で、もう一度記載できます。"},
    {"check.file_foreign", "クリップでないファイル"},
    {"check.file_foreign.next",
     "→ Yagura が書いたものではありません。誰が置いたかを調べ、フォルダー clips "
     "の外へ移してください。"},
    {"check.not_as_written", "書き込み後に変わった映像"},
    {"check.not_as_written.next",
     "→ 誰にも再生されません。ディスクの状態を調べ(smartctl "
     "-a)、複製があればそのクリップを戻してください。"},
    {"check.unexplained", "映像も理由もない時間"},
    {"check.unexplained.next",
     "→ あってはならないことです。その時間の yagura record のログを添えて報告してください。"},
    {"check.told_twice", "二重に記載された時間"},
    {"check.told_twice.next",
     "→ 映像は失われていません。あってはならないことです。その時間の yagura record "
     "のログを添えて報告してください。"},
    {"check.frames", "模擬カメラのフレーム"},
    {"check.frames.next",
     "→ あってはならないことです。そのままの状態を保ち、送出記録を添えて報告してください。"},
    {"check.more", "ほか {count} 件"},
    {"catalogue.rebuild", "クリップファイルとジャーナルから目録を作り直す"},
    {"catalogue.rebuild.about",
     "失われた目録、または古いバックアップから戻した目録のためのものです。行のないクリップファイル"
     "を\n"
     "新しい日から順に読み、ジャーナルに残る連続区間と欠落も読みます。ファイルは変更しません。\n"
     "古いバックアップで続いたままの連続区間と欠落には終わりを入れます。途中で止めても、もう一度実"
     "行でき、\n"
     "`yagura record` "
     "の動作中でも実行できます。カメラ、部署、階はバックアップから戻してください。\n"
     "終了コード 1 は行のないものが残ったことを示します。"},
    {"catalogue.rebuild.no_volume", "{path} が見つかりません。ここのクリップは除きます"},
    {"catalogue.rebuild.progress",
     "{day}、残り {days} 日: クリップファイル {files} 件を確認、新しい行 {told} 件"},
    {"catalogue.rebuild.files", "クリップファイル"},
    {"catalogue.rebuild.told", "新しい行"},
    {"catalogue.rebuild.known", "既に知られているもの"},
    {"catalogue.rebuild.in_journal", "録画プロセスに任せるもの"},
    {"catalogue.rebuild.journal", "ジャーナルの記録"},
    {"catalogue.rebuild.ended", "終わりを定めた連続区間と欠落"},
    {"catalogue.rebuild.problems", "問題"},
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
    {"decode.thumbnails", "時間軸に沿って並べるための小さな静止画を作る"},
    {"decode.video", "視聴側にコーデックがない映像を、フレームごとに H.264 へ変換する"},
    {"pull_worker", "1台のカメラを UDP・マルチキャスト・TLS・HTTP で受信する(隔離環境)"},
    {"pull_worker.about",
     "`yagura record` が、通常の TCP で録画しないカメラごとに1つ起動します。標準入出力がパイプ"
     "になります。\nファイルとデータベースには触れません。"},
};

inline constexpr auto kJapaneseMessages =
    JoinMessages(kJapaneseGeneral, kJapaneseOffice, kJapaneseRollout, kJapanesePeople,
                 kJapaneseBoard, kJapaneseAudit, kJapaneseRetention);

}  // namespace yagura::app
