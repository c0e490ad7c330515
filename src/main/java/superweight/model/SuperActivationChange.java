package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import superweight.InvalidInputException;

/** What is done to down_proj's output on the token on which a sequence's super activation sits. */
public sealed interface SuperActivationChange {
    /**
     * @param out down_proj's output for one text, {@code [T, hidden]}, which may be written to
     * @param token where the super activation sits
     * @param channel its channel
     */
    NDArray apply(NDArray out, int token, int channel);

    /**
     * The super activation becomes a number, such as its mean over other texts; its token's other channels stay.
     *
     * @param value finite
     */
    record SetTo(float value) implements SuperActivationChange {
        public SetTo {
            requireFinite(value);
        }

        @Override
        public NDArray apply(NDArray out, int token, int channel) {
            out.set(new NDIndex("{}, {}", token, channel), value);
            return out;
        }
    }

    /**
     * All that the MLP adds to the token, the super activation with the rest, is multiplied by a factor.
     *
     * @param factor finite
     */
    record TokenTimes(float factor) implements SuperActivationChange {
        public TokenTimes {
            requireFinite(factor);
        }

        @Override
        public NDArray apply(NDArray out, int token, int channel) {
            try (NDArray row = out.get(new NDIndex("{}:{}", token, token + 1))) { // a view
                row.muli(factor);
            }
            return out;
        }
    }

    private static void requireFinite(float number) {
        if (!Float.isFinite(number)) {
            throw new InvalidInputException(
                    "A super activation is changed by a finite number, not by " + number + ".");
        }
    }
}
