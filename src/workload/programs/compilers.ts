import { hostOfUrl, isUrl, knownHost } from './hosts.js';
import type { ProgramTable } from './program.js';

export const COMPILERS: ProgramTable = {
  'gcc g++ cc c++ clang clang++ gfortran': {
    longDash: true,
    values: '-x -I -L -l -D -include -isystem -MF -MT -Xlinker',
    writes: '-o',
    operands: 'read',
  },
  nvcc: { longDash: true, values: '-x -I -L -l -D -gencode -ccbin -arch -code -std', writes: '-o', operands: 'read' },
  rustc: { values: '--edition --crate-type -C -L -l --cfg', writes: '-o --out-dir', operands: 'read' },
  javac: { longDash: true, values: '-cp -classpath --release -source -target', writes: '-d', operands: 'read' },
  'ld ar': { longDash: true, writes: '-o', operands: 'mention' },
  make: {
    values: '-l -W -o',
    reads: '-C --directory -f --file --makefile',
    // Most likely a recipe fetches it.
    contacts: ({ operands }) =>
      operands.flatMap((word) => {
        const address = word.text.replace(/^\w+=/, '');
        return isUrl(address)
          ? [{ word, does: `is given ${address}`, guess: true as const, ...knownHost(hostOfUrl(address)) }]
          : [];
      }),
  },
  ninja: { values: '-j -l -k', reads: '-C -f' },
  cmake: {
    values: '-G -D --config --target -t',
    reads: '-S --build --install -P -C',
    writes: '-B',
    operands: 'mention',
  },
  ctest: { values: '-R -j', reads: '--test-dir' },
};
