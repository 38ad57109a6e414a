/** The packed digits: "FXDG", u32 count, rows, columns, labels u8[count], pixels u8[count × rows × columns]. */
export interface DigitData {
  rows: number;
  columns: number;
  train: { labels: Uint8Array; pixels: Uint8Array };
  test: { labels: Uint8Array; pixels: Uint8Array };
}

/** The first 8,000 are for training, the other 2,000 are held out. */
const TRAINING = 8000;
const HEADER = 16;

export function readDigits(bytes: ArrayBuffer): DigitData {
  const view = new DataView(bytes);
  const magic = String.fromCharCode(...new Uint8Array(bytes, 0, 4));
  if (magic !== 'FXDG') throw new Error(`the digits file begins with “${magic}”, not with “FXDG”`);
  const [count, rows, columns] = [4, 8, 12].map((at) => view.getUint32(at, true)) as [number, number, number];
  const size = rows * columns;
  if (bytes.byteLength !== HEADER + count * (1 + size)) throw new Error('the digits file is cut short');
  const labels = new Uint8Array(bytes, HEADER, count);
  const pixels = new Uint8Array(bytes, HEADER + count);
  return {
    rows,
    columns,
    train: { labels: labels.subarray(0, TRAINING), pixels: pixels.subarray(0, TRAINING * size) },
    test: { labels: labels.subarray(TRAINING), pixels: pixels.subarray(TRAINING * size) },
  };
}
