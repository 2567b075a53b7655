// Stands in for @vscode/native-watchdog, which would have to be compiled: nobody outlives the editor's server.
exports.start = (pid) => {
  setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      process.exit(87);
    }
  }, 1000).unref();
};
exports.exit = (code) => process.exit(code ?? 0);
