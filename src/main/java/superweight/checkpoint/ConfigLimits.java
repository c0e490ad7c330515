package superweight.checkpoint;

/** What a model's sizes and constants may be: well above every published model, well below what overflows. */
final class ConfigLimits {
    static final int MOST_LAYERS = 1024;
    static final int WIDEST = 1 << 20;
    static final int MOST_HEADS = 4096;
    static final int LONGEST_CONTEXT = 1 << 28;
    static final int LARGEST_VOCABULARY = 1 << 22;
    static final double LEAST_THETA = 1;
    static final double LARGEST_THETA = 1e12;
    static final double LEAST_EPSILON = 1e-12;
    static final double LARGEST_EPSILON = 1e-1;

    private ConfigLimits() {}
}
