const { default: Runtime } = require('jest-runtime');

const runtimes = new Map();

/**
 * Jest's runtime, made once in a worker, which keeps from suite to suite what it loaded of the product and of packages: a suite of HTTP
 * loads some 1,700 modules, which takes 2 s of processor. The modules of the tests themselves are loaded anew for each suite. It knows
 * how jest 30 keeps its modules; where another version keeps them otherwise, every suite fails here.
 */
class SharedRuntime extends Runtime {
  constructor(config, environment, resolver, transformer, files, coverage, testPath, globalConfig) {
    const shared = environment.isShared ? runtimes.get(config.id) : undefined;
    if (shared !== undefined) {
      shared.beginSuite(testPath);
      return shared;
    }
    super(config, environment, resolver, transformer, files, coverage, testPath, globalConfig);
    if (environment.isShared) runtimes.set(config.id, this);
  }

  beginSuite(testPath) {
    this._testPath = testPath;
    this.esmLoader.testPath = testPath;
    this.executor.testPath = testPath;
    this.testState.state = 'loading';
  }

  teardown() {
    if (!this._environment.isShared) return super.teardown();
    this.restoreAllMocks();
    const { esModuleRegistry, internalModuleRegistry } = this.registries;
    for (const key of esModuleRegistry.keys()) if (isOfTests(key)) esModuleRegistry.delete(key);
    // The suite's list of tests is kept in there.
    for (const path of internalModuleRegistry.keys())
      if (path.includes('jest-circus')) internalModuleRegistry.delete(path);
    delete this._environment.global[Symbol.for('EVENT_HANDLERS')];
    this.jestGlobals.clearJestObjectCache();
    this.fileCache.clear();
  }
}

/** Whether a module belongs to the tests; `key` is its file's URL, or one of jest's own names. */
function isOfTests(key) {
  return key.startsWith('@jest/') || /\/test\/(?!.*node_modules)/u.test(key);
}

module.exports = SharedRuntime;
