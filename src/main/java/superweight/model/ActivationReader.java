package superweight.model;

import ai.djl.ndarray.NDArray;

/** Looks at an activation as the forward pass makes it. */
@FunctionalInterface
public interface ActivationReader {
    /** Reads nothing. */
    ActivationReader NONE = (sequence, point, activation) -> {};

    /**
     * Called once for each sequence and hook point.
     *
     * @param sequence index of the sequence in the batch
     * @param point where in the model
     * @param activation the value, {@code [T, channels]}; valid during the call only
     */
    void read(int sequence, HookPoint point, NDArray activation);
}
