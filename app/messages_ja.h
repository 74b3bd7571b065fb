#pragma once

#include "app/message.h"

namespace yagura::app {

/// Japanese. The keys, and their order, are those of messages_en.h.
inline constexpr Message kJapaneseMessages[] = {
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
    {"error.unauthenticated", "サインインしていません"},
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

    {"migrate", "データベースのスキーマを最新にする"},
    {"migrate.about",
     "未適用のマイグレーションを、役割 yagura_owner "
     "で、一つずつ一つのトランザクションで適用します。\n"
     "何度実行しても結果は同じです。新しい版を入れた後、各プロセスを起動する前に実行してください"
     "。"},
    {"migrate.done", "スキーマは最新です。今回適用した数: {count}"},
};

}  // namespace yagura::app
