package superweight.checkpoint;

import java.util.Map;

/** What lies beside the weights in a Hugging Face folder of a model. */
@FunctionalInterface
interface Companions {
    /**
     * Reads or makes these files.
     *
     * @param type what the config is to say that the weights are
     * @return contents by name
     */
    Map<String, byte[]> files(FloatType type);
}
