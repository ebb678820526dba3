/** One file, folder or link of an input, as it is put into the container. Everything belongs to root, as on a node. */
export type StagedEntry = {
  /** Below the input's folder: parts joined by `/`, none of them empty, `.` or `..`. A folder comes before what it holds. */
  readonly path: string;
  /** Permission bits, such as 0o644. */
  readonly mode: number;
} & (
  | { readonly kind: 'folder' }
  | { readonly kind: 'link'; readonly to: string }
  | {
      readonly kind: 'file';
      /** Bytes; `open` must give exactly as many. */
      readonly size: number;
      /** Opens the content; called once. It is read slowly enough to keep memory small. */
      readonly open: () => AsyncIterable<Uint8Array>;
    }
);

/**
 * The content of an input, ready to be written into a volume of the engine. A fetcher takes the `InputSource` of the
 * job and a signal, asks what is there without fetching content yet, and promises one of these.
 */
export interface StagedInput {
  /** For people, on one line: `s3://docs/2024/`. Untrusted; not escaped. */
  readonly description: string;
  /**
   * How it is mounted, as the type of the source decides on a node (`pkg/storage`):
   *
   * - `folder`: all entries lie below the Target, which is a folder with `folderMode`
   * - `file`: the only entry is mounted as the Target itself (a single-file CID, inline)
   * - `file-inside`: the only entry is mounted at Target/path, and the Target is the image's own folder (urlDownload)
   */
  readonly shape: 'folder' | 'file' | 'file-inside';
  /** Mode of the folder itself; a node makes 0o700 for S3. */
  readonly folderMode: number;
  /** What is to come, where it is known before: for a progress bar. */
  readonly total?: { readonly files?: number; readonly bytes?: number };
  /**
   * Gives the entries one by one; each is read to its end before the next is asked for.
   *
   * @throws CannotStage when something cannot be fetched or read
   */
  readonly entries: (signal: AbortSignal) => AsyncIterable<StagedEntry>;
}

/** An input that cannot be brought into the container; the message is one line for people. */
export class CannotStage extends Error {
  override readonly name = 'CannotStage';
}
