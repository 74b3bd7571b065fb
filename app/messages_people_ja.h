#pragma once

#include "app/message.h"

namespace yagura::app {

/// Japanese, part four: what opens an account.
inline constexpr Message kJapanesePeople[] = {
    {"person.change", "氏名を変更する"},
    {"person.change.about", "ログインに使う名前は変わりません。"},
    {"person.changed", "変更しました: {username}"},
    {"person.password", "パスワードを設定する"},
    {"person.password.about",
     "標準入力から 1 行 (8 バイト以上) "
     "で渡します。端末には表示されません。開いているセッションは終わり、\n"
     "以前のパスワードへの試行は数えられなくなります。"},
    {"person.password_set", "パスワードを設定しました: {username}"},
    {"person.initial_passwords", "多くの人に最初のパスワードを設定する"},
    {"person.initial_passwords.about",
     "標準入力は CSV で、1 人 1 "
     "行、ログインに使う名前とパスワードです。パスワードを省くと自動で作り、\n"
     "第二要素も作ります。作ったものは CSV で一度だけ表示します。すでにログインできる人は名前を"
     "示し、そのままに\n"
     "します。--replace を付けると、その人のパスワードも新しくします。"
     "すべての行を反映するか、まったく反映しません。"},
    {"initial.replace",
     "すでにパスワードのある人にも新しいパスワードを設定し、セッションを終わらせる"},
    {"initial.kept",
     "すでにパスワードがあるため、そのままにしました (--replace で新しくします): {people}"},
    {"initial.refused", "何も変更していません。標準入力が人の一覧ではありません"},
    {"initial.refused.next",
     "次の手順: これらの行を直してください。名前は yagura person list で確認できます"},
    {"initial.no_csv", "{line} 行目: CSV ではありません"},
    {"initial.unknown", "{line} 行目: 「{given}」という人はいません"},
    {"initial.twice", "{line} 行目: {given} は前の行にもあります"},
    {"initial.password", "{line} 行目: 名前と、8～1024 バイトのパスワード (または空欄) が必要です"},
    {"option.preview",
     "誰が何を見られるようになるか・見られなくなるかだけを表示し、何も変更しない"},
    {"assignment.needs_factor",
     "administrator のログインには第二要素が必要ですが、{person} には未設定です。次の手順: "
     "yagura person otp-reset --username {person}"},
    {"preview.nothing_done", "何も変更していません"},

    {"person.otp_reset", "第二要素を新しくする"},
    {"person.otp_reset.about",
     "認証アプリや認証トークン用の otpauth アドレスを一度だけ表示します (RFC 6238、6 桁、30 秒)。\n"
     "以前のものはすぐに無効となり、開いているセッションは終わります。--password-alone "
     "を付けると、\n"
     "コードなしで使えるアカウントになります。ただし administrator の職にある間は使えません。"},
    {"person.otp_code", "認証アプリが表示するコードを表示する"},
    {"person.otp_code.about",
     "秘密鍵 (otpauth アドレスの secret= の後の文字) は標準入力から 1 行で渡します。"
     "端末には表示されません。\n"
     "データベースには問い合わせません。"},
    {"option.password_alone",
     "第二要素なし。パスワードだけで使えるアカウントにする (administrator を除く)"},
    {"option.code_at", "日時。省略時は今"},
    {"otp.given",
     "第二要素です。表示は今回限りです。本人の認証アプリに登録し、控えを残さないでください"},
    {"otp.password_alone", "{username} はパスワードだけでログインします"},
    {"otp.set", "設定済み"},
    {"otp.none", "パスワードのみ"},
    {"otp.missing", "未設定"},
    {"otp.prompt", "秘密鍵: "},
    {"otp.wrong_secret", "標準入力に第二要素の秘密鍵がありません"},
    {"otp.wrong_secret.next",
     "次の手順: otpauth アドレスの secret= の後の英数字 32 文字を渡してください"},

    {"session.list", "開いているセッションを一覧する"},
    {"session.list.about", "誰が、いつから、どの端末でログインしているかを表示します。"},
    {"session.end", "ログアウトさせる"},
    {"session.end.about",
     "1 つのセッション、または 1 人のすべてのセッションをすぐに終えます。表示中の映像は 2 "
     "秒以内に止まります。"},
    {"option.session_id", "対象。`yagura session list` が表示する ID"},
    {"session.which", "終えるセッションの指定がないか、二重です"},
    {"session.which.next", "次の手順: --username か --id のどちらかを指定してください"},
    {"session.no_such", "開いているセッション「{given}」はありません"},
    {"session.no_such.next", "次の手順: yagura session list"},
    {"session.ended", "終えたセッション: {count}"},
    {"column.terminal", "端末"},
    {"column.started", "開始"},
    {"column.last_used", "最終利用"},
    {"column.ends", "終了"},
    {"column.second_factor", "第二要素"},
};

}  // namespace yagura::app
