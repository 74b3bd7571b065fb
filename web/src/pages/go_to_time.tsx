import { useId, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Instant } from '../time/office_time';
import { parseTypedTime } from '../time/typed_time';
import { useWords } from '../words/words';
import type { WordKey } from '../words/words';

interface GoToTimeProps {
  input: { current: HTMLInputElement | null };
  now: Instant;
  shown: Instant;
  onGo: (at: Instant) => void;
}

/** A line to type a time into: "14:03", "昨日 14時", "6/15 9:30", "5分前". */
export function GoToTime(props: GoToTimeProps): JSX.Element {
  const { t } = useWords();
  const id = useId();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<WordKey | null>(null);

  const onSubmit = (event: Event): void => {
    event.preventDefault();
    const at = parseTypedTime(text, { now: props.now, shown: props.shown });
    if (at === null) return setWrong('camera.go_to_wrong');
    if (at > props.now) return setWrong('camera.go_to_future');
    props.onGo(at);
    setText('');
    props.input.current?.blur();
  };
  return (
    <form class="go-to" onSubmit={onSubmit}>
      <input
        ref={props.input}
        aria-label={t('camera.go_to')}
        aria-invalid={wrong !== null}
        aria-describedby={wrong === null ? undefined : id}
        placeholder={t('camera.go_to_hint')}
        value={text}
        autoComplete="off"
        onInput={(event) => {
          setText(event.currentTarget.value);
          setWrong(null);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <button type="submit">{t('camera.go')}</button>
      {wrong !== null && (
        <p id={id} class="go-to-wrong" role="alert">
          {t(wrong)}
        </p>
      )}
    </form>
  );
}
