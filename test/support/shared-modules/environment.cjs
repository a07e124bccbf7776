const { default: NodeEnvironment } = require('jest-environment-node');

/** One for each project, as there is one runtime for each. */
const environments = new Map();

/**
 * Node's environment, made once in a worker: what was loaded for one suite belongs to its globals, so the next suite has to have the
 * same ones. A suite that must not meet what others loaded begins with `@jest-environment node` in a comment.
 */
module.exports = class SharedEnvironment extends NodeEnvironment {
  constructor(config, context) {
    const { globalConfig, projectConfig } = config;
    const shared = environments.get(projectConfig.id);
    if (shared !== undefined) return shared;
    super(config, context);
    /** Who watches changes files in between, and wants to see them loaded. */
    this.isShared = !globalConfig.watch && !globalConfig.watchAll;
    if (this.isShared) environments.set(projectConfig.id, this);
  }

  async teardown() {
    if (!this.isShared) return super.teardown();
    this.fakeTimers.dispose();
    this.fakeTimersModern.dispose();
  }
};
