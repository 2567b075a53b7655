/** What the start of an MCP server is called where tool calls have their tool: in decisions, approvals and the log. */
export const startTool = 'mcp:start';
