import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Camera } from '../api/cameras';
import type { Hold } from '../api/holds';
import { may, useWho } from '../frame/session';
import type { Instant } from '../time/office_time';
import { useHolds } from '../timeline/holds_store';
import type { Holds } from '../timeline/holds_store';
import { NO_MARK, markAround, spanOf, withEnd, withStart } from '../timeline/mark';
import type { Mark } from '../timeline/mark';
import type { CameraCommand } from './camera_keys';
import { HoldDialog, PlaceHoldDialog } from './hold_dialogs';

export interface Keeping {
  mark: Mark;
  setMark: (mark: Mark) => void;
  markEnd: (end: 'mark_start' | 'mark_end', at: Instant) => void;
  holds: Holds;
  openHold: (hold: Hold) => void;
  /** What marks or holds; of other commands nothing. */
  run: (command: CameraCommand) => void;
  dialogs: JSX.Element;
}

/** What a camera's page keeps of the range that is marked, of holds, and of the dialogs about them. `present`: the instant that is seen. */
export function useKeeping(camera: Camera, now: Instant, present: () => Instant): Keeping {
  const who = useWho();
  const holds = useHolds(camera.id, may(who, 'hold.list'));
  const [mark, setMark] = useState<Mark>(NO_MARK);
  const [placing, setPlacing] = useState(false);
  const [opened, setOpened] = useState<Hold | null>(null);
  const span = spanOf(mark);

  const markEnd = (end: 'mark_start' | 'mark_end', at: Instant): void =>
    setMark((last) => (end === 'mark_start' ? withStart : withEnd)(last, at, now));
  const startHold = (): void => {
    if (span === null) setMark(markAround(present(), now));
    setPlacing(true);
  };
  const run = (command: CameraCommand): void => {
    if (command === 'mark') setMark(markAround(present(), now));
    if (command === 'mark_start' || command === 'mark_end') markEnd(command, present());
    if (command === 'hold' && may(who, 'hold.create')) startHold();
  };
  const onPlaced = (): void => {
    setMark(NO_MARK);
    holds.reload();
  };
  const dialogs = (
    <>
      {placing && span && (
        <PlaceHoldDialog
          camera={camera}
          span={span}
          now={now}
          onPlaced={onPlaced}
          onClose={() => setPlacing(false)}
        />
      )}
      {opened && <HoldDialog hold={opened} onReleased={holds.reload} onClose={() => setOpened(null)} />}
    </>
  );
  return { mark, setMark, markEnd, holds, openHold: setOpened, run, dialogs };
}
