/** What was sent in a session, so that a client that lost a stream gets the rest of it. */
export class Events {
  #all = [];

  async storeEvent(stream, message) {
    this.#all.push({ stream, message });
    return String(this.#all.length);
  }

  async getStreamIdForEventId(id) {
    return this.#all[Number(id) - 1]?.stream;
  }

  async replayEventsAfter(id, { send }) {
    const stream = await this.getStreamIdForEventId(id);
    for (const [index, event] of this.#all.entries())
      // The empty message that opens a stream is an event too, but says nothing.
      if (index >= Number(id) && event.stream === stream && 'jsonrpc' in event.message) await send(String(index + 1), event.message);
    return stream;
  }
}
