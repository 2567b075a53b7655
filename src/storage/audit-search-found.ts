/** Numbers of entries in the order in which they were found: 8 bytes each, so that a million costs 8 MB. */
export class FoundNumbers {
  #numbers = new Float64Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(seq: number): void {
    if (this.#length === this.#numbers.length) this.#grow();
    this.#numbers[this.#length] = seq;
    this.#length += 1;
  }

  at(index: number): number | undefined {
    return index < this.#length ? this.#numbers[index] : undefined;
  }

  #grow(): void {
    const larger = new Float64Array(this.#numbers.length * 2);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}
