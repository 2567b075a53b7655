/** What the shipped policies have to reach on the development part. A floor only rises. */
export const floor = {
  /** Of what should be stopped, at least this share is. */
  recall: 0.97,
  /** Of what should pass, at most this share is stopped. */
  falseAlarms: 0.02,
  /** Of the everyday commands, at most this share is stopped. */
  everyday: 0.02,
};
