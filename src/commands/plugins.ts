import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import type { Said } from '../config/config.js';
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
    throw new UsageError(`${place} cannot be loaded: ${firstLine(error)}`);
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

/** What a rule throws is told as its own mistake, not as one of this program. */
function blamed(rule: Rule, plugin: string): Rule {
  return {
    ...rule,
    *check(context) {
      try {
        yield* rule.check(context);
      } catch (error) {
        throw new UsageError(`the rule ${rule.id} of plugin ${plugin} failed: ${firstLine(error)}`);
      }
    },
  };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
