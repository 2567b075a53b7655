/** What the suite wants to get back, word by word. */

/** One red pixel. */
export const image = {
  type: 'image',
  data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
  mimeType: 'image/png',
};
/** A WAVE file without a sample. */
export const audio = {
  type: 'audio',
  data: 'UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=',
  mimeType: 'audio/wav',
};

export const text = (value) => ({ type: 'text', text: value });
export const resource = (uri, mimeType, value) => ({ type: 'resource', resource: { uri, mimeType, text: value } });
export const saying = (...content) => ({ content });
export const from = (role, content) => ({ role, content });

/** Schema of an object in which nothing is said of a property but its kind. */
export const object = (properties = {}, required = Object.keys(properties)) => ({ type: 'object', properties, required });
export const string = (description) => ({ type: 'string', ...(description === undefined ? {} : { description }) });
