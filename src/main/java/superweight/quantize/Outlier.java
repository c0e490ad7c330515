package superweight.quantize;

import ai.djl.ndarray.NDArray;

/** Which one of a tensor's activations is the super activation, which the paper does not say. */
public sealed interface Outlier {
    /** The place of an activation, both from 0. */
    record Place(long token, long channel) {}

    /** @param activations {@code [T, channels]}, of one text */
    Place in(NDArray activations);

    /** The one of largest magnitude, the first of equals. */
    record Largest() implements Outlier {
        @Override
        public Place in(NDArray activations) {
            long channels = activations.getShape().get(1);
            long at = largest(activations.flatten());
            return new Place(at / channels, at % channels);
        }
    }

    /** The same among one channel's, such as the channel that the super weight writes. */
    record LargestOfChannel(int channel) implements Outlier {
        @Override
        public Place in(NDArray activations) {
            return new Place(largest(activations.get(":, {}", channel)), channel);
        }
    }

    private static long largest(NDArray values) {
        return values.abs().argMax().getLong();
    }
}
