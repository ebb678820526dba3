import type { Example } from '../check/rule.js';

/** Gives what makes an example what it is and does not stand in its text, as parts of a heading: `on linux/arm64`. */
export function circumstancesOf({ target, platforms, image }: Example): string[] {
  return [
    ...(target === undefined ? [] : [`against Bacalhau ${target}`]),
    ...(platforms === undefined ? [] : [`on ${platforms.join(', ')}`]),
    ...(image?.platforms === undefined ? [] : [`with an image for ${image.platforms.join(', ')}`]),
    ...(image?.access === undefined ? [] : [`with an image that is ${image.access}`]),
    ...(image?.config === undefined ? [] : [`with an image configured ${JSON.stringify(image.config)}`]),
  ];
}
