/** One top-level box of an MP4 stream (ISO/IEC 14496-12 4.2), with its header. */
export interface Box {
  kind: string;
  bytes: Uint8Array<ArrayBuffer>;
}

const HEADER_BYTES = 8;

function kindAt(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

/** Cuts a stream that comes in pieces of any size into whole boxes. */
export class BoxReader {
  private pending: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  /** The boxes that are whole now. */
  take(piece: Uint8Array<ArrayBuffer>): Box[] {
    this.pending = concat([this.pending, piece]);
    const boxes: Box[] = [];
    for (;;) {
      const box = this.next();
      if (box === null) return boxes;
      boxes.push(box);
    }
  }

  private next(): Box | null {
    if (this.pending.length < HEADER_BYTES) return null;
    const size_bytes = new DataView(this.pending.buffer, this.pending.byteOffset).getUint32(0);
    if (size_bytes < HEADER_BYTES) throw new Error(`a box of ${size_bytes} bytes`);
    if (this.pending.length < size_bytes) return null;
    const bytes = this.pending.subarray(0, size_bytes);
    this.pending = this.pending.subarray(size_bytes);
    return { kind: kindAt(bytes, 4), bytes };
  }
}

export function concat(parts: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/**
 * What a browser calls the codec of a `moov` of ours: "avc1.4d401e", from the profile, compatibility and level in its `avcC` (ISO/IEC
 * 14496-15 5.3.3.1). Nothing where there is no H.264 track.
 */
export function codecOf(moov: Uint8Array): string | null {
  for (let at = 4; at + 8 <= moov.length; ++at) {
    if (moov[at] !== 0x61 || kindAt(moov, at) !== 'avcC') continue;
    const parts = [...moov.subarray(at + 5, at + 8)];
    return 'avc1.' + parts.map((part) => part.toString(16).padStart(2, '0')).join('');
  }
  return null;
}
