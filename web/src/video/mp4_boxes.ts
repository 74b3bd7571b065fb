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

/** "avc1.4d401e": profile, compatibility and level of an `avcC` (ISO/IEC 14496-15 5.3.3.1). */
function avcName(record: Uint8Array): string {
  return 'avc1.' + [...record.subarray(1, 4)].map((part) => part.toString(16).padStart(2, '0')).join('');
}

/**
 * "hvc1.1.6.L93.B0": of an `hvcC` (ISO/IEC 14496-15 8.3.3.1) the profile, its compatibility with the bits in reverse, tier and level, and
 * the constraints without zeros at their end (annex E.3).
 */
function hevcName(record: Uint8Array): string {
  const [profile = 0, ...rest] = record.subarray(1, 13);
  const space = ['', 'A', 'B', 'C'][profile >> 6] ?? '';
  const bits = rest.slice(0, 4).map((part) => part.toString(2).padStart(8, '0'));
  const compatibility = parseInt([...bits.join('')].reverse().join(''), 2).toString(16);
  const constraints = rest.slice(4, 10);
  while (constraints.at(-1) === 0) constraints.pop();
  const tier = profile & 0x20 ? 'H' : 'L';
  const parts = [`${space}${profile & 31}`, compatibility, `${tier}${rest[10] ?? 0}`];
  return 'hvc1.' + [...parts, ...constraints.map((part) => part.toString(16))].join('.').toUpperCase();
}

const NAMES = { avcC: avcName, hvcC: hevcName };
const RECORD_BYTES_MIN = 13;

/** What a browser calls the codec of a `moov` of ours. Nothing where there is no track of a codec that we know. */
export function codecOf(moov: Uint8Array): string | null {
  for (let at = 4; at + 4 + RECORD_BYTES_MIN <= moov.length; ++at) {
    if (moov[at + 3] !== 0x43) continue; // "C"
    const kind = kindAt(moov, at);
    if (kind === 'avcC' || kind === 'hvcC') return NAMES[kind](moov.subarray(at + 4));
  }
  return null;
}
