#pragma once

#include "app/message.h"

namespace yagura::app {

/// Japanese, part four: states, posts and reasons by name, the board of a phase. The keys, and
/// their order, are those of messages_board_en.h.
inline constexpr Message kJapaneseBoard[] = {
    {"state.planned", "計画"},
    {"state.staged", "準備"},
    {"state.accepted", "検収済"},
    {"state.in_service", "運用中"},
    {"state.suspended", "休止"},
    {"state.retired", "撤去"},

    {"post.department_head", "部長"},
    {"post.general_manager", "統括管理者"},
    {"post.crisis_management", "危機管理担当"},
    {"post.operations", "運用担当"},
    {"post.auditor", "監査担当"},
    {"post.administrator", "管理者"},

    {"reason.camera_unreachable", "カメラに接続できません"},
    {"reason.authentication_failed", "カメラが認証情報を受け付けません"},
    {"reason.camera_refused", "カメラがエラーを返しました"},
    {"reason.protocol_error", "カメラの送信内容を解釈できません"},
    {"reason.unsupported_stream", "対応していない形式の映像です"},
    {"reason.camera_silent", "接続中ですが映像が届きません"},
    {"reason.frames_damaged", "フレームが届かないか壊れています"},
    {"reason.waiting_for_keyframe", "キーフレームを待っています"},
    {"reason.recorder_restart", "録画プロセスが動いていませんでした"},
    {"reason.recorder_overloaded", "録画が追いついていません"},
    {"reason.write_failed", "ボリュームに書き込めません"},
    {"reason.volume_full", "ボリュームが満杯です"},
    {"reason.clock_step", "時計が大きく変わりました"},
    {"reason.camera_parked", "録画プロセスを異常終了させたため切り離しています"},
    {"reason.worker_failed", "受信プロセスが異常終了しました"},
    {"reason.certificate_changed", "以前と異なる証明書を示しています"},
    {"picture.black", "映像が真っ黒です"},
    {"picture.frozen", "映像が止まっています"},

    {"board.floor", "  {floor} {name}: {count} 台中 {ready} 台が済"},
    {"board.nowhere", "  階が未定: {count} 台中 {ready} 台が済"},
    {"board.camera", "    {code} {name}: {why}"},
    {"board.planned", "計画中で、まだ準備していません"},
    {"board.nobody", "担当部署がありません"},
    {"board.staged", "{at} から準備中で録画されています。検収がまだです"},
    {"board.unrecorded", "{at} から準備中ですが、まだ何も録画されていません"},
    {"board.missing", "{at} から{state}ですが、{missing} から録画されていません: {reason}"},
    {"board.suspended", "{at} から休止しています"},
    {"board.next", "。{at} から{state}になります (入力済み)"},
    {"status.camera", "  {code} {name}: {at} から {reason}"},
    {"status.more", "  ほか {count} 台"},
    {"status.found_transport",
     "  受け取り方が auto で、{transport} で送ってくるカメラ: {cameras} 台"},
    {"status.clock_set", "  録画機の時計が {before} から {after} に変更されました"},
    {"language.unknown", "--language: en か ja が必要ですが、「{given}」が指定されました"},
    {"version.option", "版を表示する"},
};

}  // namespace yagura::app
