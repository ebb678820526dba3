import type { NotStarted, NotStartedCause } from './run-evidence.js';

const REMEDY: Readonly<Record<NotStartedCause, string>> = {
  'no-command':
    'Give the job a command: the image has neither ENTRYPOINT nor CMD, or the Entrypoint of the job cleared it.',
  'not-found':
    'Write each word of the command as an item of its own, put a shell in front of shell text, and name what the image has.',
  'carriage-return': 'Save the script with \\n as line end (dos2unix), and build the image again.',
  'no-interpreter': 'Name an interpreter that the image has in the first line, or build for the libc of the image.',
  'exec-format': 'Begin the script with #!/bin/sh, or build the program for the platform of the nodes.',
  'not-executable': 'Make it executable (chmod +x) when the image is built.',
  'no-such-user': 'Name a user in USER that /etc/passwd of the image has, or a number.',
  'working-dir': 'Name a folder as WorkingDirectory.',
  mount:
    'Mount folders where the image has a folder or nothing, and files where it has a file or nothing, each at its own absolute path.',
  memory: 'Write the unit of Memory, such as 512Mb.',
  'no-domains': 'Name the Domains that the program may reach.',
  'image-platform': 'Build the image for the platform of the nodes (docker buildx build --platform), under a new tag.',
};

/** Gives what to change so that a container starts. */
export function startRemedy({ cause }: NotStarted): string {
  return REMEDY[cause];
}

/** Says why a container does not start, as the first half of a sentence. */
export function whatFails({ cause, about }: NotStarted): string {
  const it = about ?? 'the program';
  switch (cause) {
    case 'no-command':
      return 'There is no command to run';
    case 'not-found':
      return `The image has no program "${it}"`;
    case 'carriage-return':
      return `The first line of ${it} ends in a carriage return, which becomes part of the name of its interpreter`;
    case 'no-interpreter':
      return `What ${it} needs to run (its interpreter or loader) is not in the image`;
    case 'exec-format':
      return 'The program is neither for this processor nor a script with #! in its first line';
    case 'not-executable':
      return `${it} is not executable`;
    case 'no-such-user':
      return `The image has no user "${it}"`;
    case 'working-dir':
      return `The working directory ${it} is no folder that the program may enter`;
    case 'mount':
      return `What is mounted${about === undefined ? '' : ` at ${about}`} does not fit what the image has there, or another mount`;
    case 'memory':
      return 'The memory of the job is less than Docker starts a container with';
    case 'no-domains':
      return 'Network mode HTTP has no Domains';
    case 'image-platform':
      return 'The image is for another platform';
  }
}
