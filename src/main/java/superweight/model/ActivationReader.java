package superweight.model;

import ai.djl.ndarray.NDArray;
import superweight.model.HookPoint.Site;

/** Looks at activations as the forward pass makes them. */
@FunctionalInterface
public interface ActivationReader {
    /** Reads nothing. */
    ActivationReader NONE = new ActivationReader() {
        @Override
        public boolean reads(Site site) {
            return false;
        }

        @Override
        public void read(int run, HookPoint point, NDArray activation) {}
    };

    /**
     * Whether it wants to see activations of one site at all: by default all but the attention patterns, which the
     * forward pass does without and makes for those only who ask for them.
     */
    default boolean reads(Site site) {
        return site != Site.PATTERN;
    }

    /**
     * Called once for each run and hook point.
     *
     * @param run index of the run among those that go through the model together
     * @param point where in the model
     * @param activation the value, in the shape that its site states; valid during the call only
     */
    void read(int run, HookPoint point, NDArray activation);
}
