import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';

interface LockedPackage {
  readonly engines?: { readonly node?: string };
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly resolved?: string;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, LockedPackage>;
};

describe('package-lock.json', () => {
  test('no package excludes Node 20.19, the floor', () => {
    // A range is a list of alternatives; one that begins at 20 or below lets 20.19 in.
    const excludes = (range: string): boolean =>
      !range.split('||').some((part) => {
        const first = /(\d+)(?:\.(\d+))?/.exec(part);
        if (part.trim() === '*' || first === null) return true;
        const [major, minor] = [Number(first[1]), Number(first[2] ?? 0)];
        if (/^\s*(\^|~|\d)/.test(part)) return major === 20 && minor <= 19;
        return major < 20 || (major === 20 && minor <= 19);
      });
    const wrong = Object.entries(packages).filter(
      ([, { engines }]) => engines?.node !== undefined && excludes(engines.node),
    );
    expect(wrong.map(([name, { engines }]) => `${name} ${engines?.node ?? ''}`)).toEqual([]);
  });

  test('names no registry host', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved?.startsWith('http')).length).toBe(0);
  });
});
