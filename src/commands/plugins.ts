import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import type { Said } from '../config/config.js';
import { factsProblem, findingProblem } from '../check/finding-shape.js';
import { isRule, type Rule } from '../check/rule.js';
import { UsageError } from './core.js';

/**
 * Loads rules of the user's own: modules whose default export is a rule, or a list of rules, as `defineRule` gives
 * them. Loading runs them, so only a configuration file that the user named may list any.
 *
 * @param config path of the configuration file, which the modules are named from
 * @param known ids that are taken
 * @throws UsageError
 */
export function loadPlugins(plugins: readonly Said<string>[], config: string, known: ReadonlySet<string>): Rule[] {
  const taken = new Set(known);
  return plugins.flatMap(({ value, at }) => {
    const place = `${config}:${String(at.line)}:${String(at.column)}: plugin ${value}`;
    return rulesIn(value, resolve(config), place).map((rule) => {
      if (taken.has(rule.id)) throw new UsageError(`${place}: there is a rule ${rule.id} already`);
      taken.add(rule.id);
      return blamed(rule, value);
    });
  });
}

function rulesIn(name: string, config: string, place: string): Rule[] {
  const require = createRequire(config);
  let loaded: unknown;
  try {
    // A path is seen from the configuration file, every other name from its node_modules.
    loaded = require(/^[./]/.test(name) ? resolve(dirname(config), name) : name);
  } catch (error) {
    const hint = /\.[cm]?ts$/.test(name) ? ' (a TypeScript file; name what it is built to)' : '';
    throw new UsageError(`${place} cannot be loaded: ${firstLine(error)}${hint}`);
  }
  const exported = defaultOf(loaded);
  const list: readonly unknown[] = Array.isArray(exported) ? exported : [exported];
  return list.map((one) => {
    if (isRule(one)) return one;
    throw new UsageError(`${place}: its default export is no rule and no list of rules, as defineRule gives them`);
  });
}

function defaultOf(module: unknown): unknown {
  const hasDefault = typeof module === 'object' && module !== null && 'default' in module;
  return hasDefault ? module.default : module;
}

/** What a rule throws, or gives in a wrong shape, is told as its own mistake, not as one of this program. */
function blamed(rule: Rule, plugin: string): Rule {
  const failed = (what: string): UsageError =>
    new UsageError(`the rule ${rule.id} of plugin ${plugin} failed: ${what}`);
  const { needs, uses } = rule;
  const facts = (key: 'needs' | 'uses', ask: NonNullable<Rule['needs']>): NonNullable<Rule['needs']> => {
    return (context) => {
      let asked;
      try {
        asked = ask(context);
      } catch (error) {
        throw failed(`${key}: ${firstLine(error)}`);
      }
      const problem = factsProblem(asked);
      if (problem !== undefined) throw failed(`${key}: ${problem}`);
      return asked;
    };
  };
  return {
    ...rule,
    ...(needs === undefined ? {} : { needs: facts('needs', (context) => needs(context)) }),
    ...(uses === undefined ? {} : { uses: facts('uses', (context) => uses(context)) }),
    *check(context) {
      try {
        const found = rule.check(context);
        if (!isIterable(found)) throw failed('check gives no list of findings; an async function cannot');
        for (const finding of found) {
          const problem = findingProblem(finding);
          if (problem !== undefined) throw failed(problem);
          yield finding;
        }
      } catch (error) {
        throw error instanceof UsageError ? error : failed(firstLine(error));
      }
    },
  };
}

function isIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
