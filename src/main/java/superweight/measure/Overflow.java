package superweight.measure;

/** A model that is driven out of the range of float32: there is no result to give. */
final class Overflow {
    private Overflow() {}

    /**
     * @param finding what the model's output is like, such as {@code loss is not a finite number}
     */
    static ArithmeticException of(String finding) {
        return new ArithmeticException("The model's " + finding
                + ": under these interventions its activations leave the range of float32.");
    }
}
