import type { ImageReference } from './reference.js';

/** Where image facts were read from, in the words of containers-image's transports. */
export type ImageSource = 'registry' | 'docker-daemon' | 'docker-archive' | 'oci' | 'oci-archive';

/**
 * What the registry says to a node that asks for this image.
 *
 * - `public`: served to an anonymous request
 * - `credentials`: refused to an anonymous request, served with the credentials of the user
 * - `denied`: refused to an anonymous request, and to the user's credentials if there were any,
 *   while the registry does tell "missing" from "private" (403, or 401 with valid credentials)
 * - `missing`: the registry knows no such repository, tag or digest
 * - `private-or-missing`: the registry answers both in the same way, as Docker Hub does
 */
export interface ImageAccess {
  readonly kind: 'public' | 'credentials' | 'denied' | 'missing' | 'private-or-missing';
  /** Host that was asked, as the reference names it. */
  readonly registry: string;
  /** The registry's own words, escaped nowhere yet: untrusted. */
  readonly detail?: string;
  /** True when the credentials of a user were there to be tried. */
  readonly triedCredentials: boolean;
  /** Why the credentials of the user could not be tried, where there should have been some. */
  readonly credentialsProblem?: string;
}

/** One platform of an image. */
export interface PlatformManifest {
  /** `os/arch`, with `/variant` when there is one, e.g. `linux/arm64` or `linux/arm/v7` (OCI image index 1.1). */
  readonly platform: string;
  /** Digest of the manifest, `sha256:…`; absent where the source has none (the engine's local builds). */
  readonly digest?: string;
  /** Bytes of config and layers as stored, where the source tells. */
  readonly size?: number;
}

/** The platforms of an image; attestation entries (`unknown/unknown`) are left out. */
export interface ImagePlatforms {
  readonly source: ImageSource;
  /** Digest of what the reference names (index or manifest); absent for local builds. */
  readonly digest?: string;
  readonly kind: 'index' | 'manifest';
  readonly platforms: readonly PlatformManifest[];
  /** True when an engine shows only what it pulled for its own platform; the registry may have more. */
  readonly isPartial?: boolean;
}

/** The base that an image's labels name, and what that name stands for now. */
export interface ImageBase {
  /** As the label has it: untrusted. */
  readonly name: string;
  /** Digest of the base that the image was built on, as the label has it: untrusted. */
  readonly digest: string;
  /** Digest of the index or manifest that the name stands for now. */
  readonly now: string;
  /** Whether the image stands on it. */
  readonly isCurrent: boolean;
}

/** What a tag named when it was last looked at from here, before this look. */
export interface ImageSeen {
  /** Digest of the index or manifest. */
  readonly digest: string;
  /** When, ISO 8601. */
  readonly at: string;
}

/** The part of an image's config that decides how it runs (OCI image config 1.1, `config` object). */
export interface ImageConfig {
  readonly source: ImageSource;
  readonly platform: string;
  readonly digest?: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: readonly string[];
  readonly user: string;
  readonly workingDir: string;
  readonly volumes: readonly string[];
  readonly exposedPorts: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly hasHealthcheck: boolean;
  /** ISO 8601, as written by the builder. */
  readonly created?: string;
  /** Bytes of the layers as stored. */
  readonly size?: number;
  /** Layers from the lowest, as far as the source tells; a digest is that of the layer as stored. */
  readonly layers?: readonly { readonly digest?: string; readonly size?: number }[];
}

/** What the local Docker engine holds under the name; `present: false` when it holds nothing. */
export type LocalImage =
  | { readonly present: false }
  | {
      readonly present: true;
      /** Image ID: the digest of the config, or of the manifest with the containerd store. */
      readonly id: string;
      readonly platform: string;
      /** Digests under which registries know this image, as `repository@sha256:…`; empty when never pushed or pulled. */
      readonly repoDigests: readonly string[];
      readonly config: ImageConfig;
    };

/**
 * What the first bytes of a file say about how the kernel would start it (Linux, `fs/binfmt_elf.c`,
 * `fs/binfmt_script.c`).
 */
export type FileHead =
  | {
      readonly kind: 'elf';
      /** Architecture as Go and images name it; its number where it has no such name. */
      readonly architecture: string;
      /** Path of the dynamic loader; absent for a static program, or where it lies further behind. */
      readonly loader?: string;
    }
  /** The interpreter of the first line, and what stands behind it. */
  | { readonly kind: 'script'; readonly interpreter: string; readonly argument?: string; readonly hasCR: boolean }
  /** Text without `#!`. */
  | { readonly kind: 'text' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'other' };

/** What lies at a path of an image, links followed; `path` is where they lead. */
export type FoundFile =
  | { readonly kind: 'file'; readonly path: string; readonly executable: boolean; readonly head?: FileHead }
  | { readonly kind: 'folder' | 'other'; readonly path: string }
  /** Nothing, or a link that leads nowhere. */
  | { readonly kind: 'absent' }
  /** A layer that was not read may have it. */
  | { readonly kind: 'unknown' };

/** Files and links below a folder. */
export interface FilesBelow {
  readonly count: number;
  /** True when there are more than `count`. */
  readonly isMore: boolean;
  /** Absolute paths. */
  readonly paths: readonly string[];
}

/** The files of an image, from its layers (`--deep`). */
export interface ImageFiles {
  readonly source: ImageSource;
  readonly platform: string;
  /** Says what lies at an absolute path. */
  readonly stat: (path: string) => FoundFile;
  /** Gives what lies below a folder that was asked for; undefined for others, or when it is not known. */
  readonly below: (folder: string) => FilesBelow | undefined;
}

/** What is asked of the files of an image. */
export interface FileQuestion {
  /** Absolute, clean paths of folders whose content is wanted by name. */
  readonly folders: readonly string[];
  /** Programs that will be started. When these are all that is asked, only layers down to those that hold them are read. */
  readonly programs: readonly ProgramQuestion[];
}

/** A program as a container would look for it. */
export interface ProgramQuestion {
  /** First word of the command: a path, or a name to look for. */
  readonly word: string;
  /** Absolute folder that a relative path stands on. */
  readonly workingDir: string;
  /** Folders of PATH, absolute. */
  readonly searchPath: readonly string[];
}

/** An image as a user named it: the place to look, and the reference or file. */
export interface ImageName {
  /** As typed. */
  readonly text: string;
  readonly source: ImageSource;
  /** For registry and engine. Absent when the text is no valid reference. */
  readonly reference?: ImageReference;
  /** For the engine: an image ID where no name was given. */
  readonly id?: string;
  /** For archives and layouts: the path, and the tag or reference inside if one was given. */
  readonly file?: string;
  readonly tag?: string;
}
