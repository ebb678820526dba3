import type { FoundProgram } from './program.js';

/** Says as a sentence's end what keeps a program from starting; undefined when nothing is seen to. */
export function whyNotStarted(found: FoundProgram, platform: string): string | undefined {
  switch (found.kind) {
    case 'starts':
    case 'unknown':
      return undefined;
    case 'absent':
      return 'is not in the image ("no such file or directory")';
    case 'folder':
      return 'is a folder in the image ("permission denied")';
    case 'not-executable':
      return `may not be executed: ${found.path} has no x bit ("permission denied")`;
    case 'no-shebang':
      return `is text without "#!" in its first line, which only a shell would start ("exec format error")`;
    case 'empty':
      return `is an empty file ("exec format error")`;
    case 'carriage-return':
      return `has Windows line ends, so that its first line asks for "${found.interpreter}\\r" ("no such file or directory")`;
    case 'no-interpreter':
      return `is a script for ${found.interpreter}, which is not in the image ("no such file or directory")`;
    case 'no-loader':
      return `needs the loader ${found.loader}, which is not in the image ("no such file or directory")`;
    case 'wrong-machine':
      return `is a program for ${found.architecture}, while the image says ${platform} ("exec format error")`;
  }
}

/** What mends it, as a sentence. */
export function howToStart(found: FoundProgram): string | undefined {
  switch (found.kind) {
    case 'starts':
    case 'unknown':
      return undefined;
    case 'absent':
    case 'folder':
      return 'Name a program that the image has, or build it into the image.';
    case 'not-executable':
      return `Give it the x bit in the Dockerfile: RUN chmod +x ${found.path}`;
    case 'no-shebang':
    case 'empty':
      return `Begin ${found.path} with a line such as #!/bin/sh, or name the interpreter before it in the command.`;
    case 'carriage-return':
      return `Save ${found.path} with Unix line ends (in git: "*.sh text eol=lf" in .gitattributes), and build again.`;
    case 'no-interpreter':
      return `Install ${found.interpreter} in the image, or correct the first line of ${found.path}.`;
    case 'no-loader':
      return 'Build the program in the same base image that it runs in (glibc and musl differ), or link it statically.';
    case 'wrong-machine':
      return 'Build the program for the platform of the image, and the image with --platform.';
  }
}
