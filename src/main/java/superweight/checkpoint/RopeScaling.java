package superweight.checkpoint;

/** How a model stretches its rotary position embedding (RoPE) over more tokens than it was first trained on. */
public sealed interface RopeScaling {
    /** Rotary frequencies as they are. */
    RopeScaling NONE = new None();

    /** What becomes of one rotary frequency, in radians per token. */
    float scaled(float frequency);

    /** Hugging Face's {@code default}: no scaling. */
    record None() implements RopeScaling {
        @Override
        public float scaled(float frequency) {
            return frequency;
        }
    }

    /**
     * Hugging Face's {@code linear}: position interpolation (Chen et al., arXiv 2306.15595).
     *
     * @param factor how much longer the context became
     */
    record Linear(double factor) implements RopeScaling {
        @Override
        public float scaled(float frequency) {
            return frequency / (float) factor;
        }
    }

    /**
     * Hugging Face's {@code llama3}, of Llama 3.1 on: low frequencies are divided, high ones kept, those between
     * blended.
     *
     * @param factor divisor of the low frequencies
     * @param lowFreqFactor frequencies that turn less often than this within the original context are low
     * @param highFreqFactor those that turn more often than this are high; above {@code lowFreqFactor}
     * @param originalMaxPositionEmbeddings the original context in tokens
     */
    record Llama3(double factor, double lowFreqFactor, double highFreqFactor, int originalMaxPositionEmbeddings)
            implements RopeScaling {
        @Override
        public float scaled(float frequency) {
            float wavelength = (float) (2 * Math.PI) / frequency; // in tokens
            float turns = originalMaxPositionEmbeddings / wavelength; // within the original context
            if (turns > highFreqFactor) {
                return frequency;
            }
            float low = frequency / (float) factor;
            if (turns < lowFreqFactor) {
                return low;
            }
            float share = (turns - (float) lowFreqFactor) / (float) (highFreqFactor - lowFreqFactor);
            return (1 - share) * low + share * frequency;
        }
    }
}
