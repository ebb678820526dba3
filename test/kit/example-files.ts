import type { ExampleFile } from '../../src/check/rule.js';
import { openCollector } from '../../src/image/layers/collect.js';
import { imageFiles } from '../../src/image/layers/image-files.js';
import type { FileHead, FilesBelow, ImageConfig, ImageFiles } from '../../src/image/facts.js';
import { isAtOrBelow } from '../../src/text/posix-path.js';

/** Gives the files of an example's image, as if its one layer had been read. */
export function exampleFiles(files: Readonly<Record<string, ExampleFile>>, config: ImageConfig): ImageFiles {
  const { collected } = openCollector([]);
  const links: string[] = [];
  const heads: FileHead[] = [];
  for (const [path, file] of Object.entries(files)) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      collected.table.imply(path.slice(0, end));
    }
    if (typeof file === 'string') {
      collected.table.put(path, 'link', 1, links.push(file.replace('-> ', '')) - 1);
    } else {
      const head = file.head ?? { kind: 'elf', architecture: config.platform.split('/')[1] ?? '' };
      const kind = file.executable === false ? 'file' : 'executable';
      collected.table.put(path, kind, 1, heads.push(head) - 1);
    }
  }
  const below = (folder: string): FilesBelow => {
    const paths = Object.keys(files).filter((path) => path !== folder && isAtOrBelow(path, folder));
    return { count: paths.length, isMore: false, paths };
  };
  return { ...imageFiles({ ...collected, links, heads }, config, true), below };
}
