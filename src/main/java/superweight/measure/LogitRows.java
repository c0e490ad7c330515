package superweight.measure;

import superweight.model.CausalLM;

/** How many rows of logits are held at once: a whole window's would be as large as the model. */
final class LogitRows {
    /**
     * glibc gives blocks of over 32 MiB back to the system after each use, and to clear their pages for the next takes
     * longer than the product that fills them.
     */
    private static final long MOST_BYTES = 24 << 20;

    /** With fewer, reading the weights would take longer than multiplying by them. */
    private static final long FEWEST_ROWS = 64;

    /** More gain nothing. */
    private static final long MOST_ROWS = 256;

    private LogitRows() {}

    static int atOnce(CausalLM model) {
        long rows = MOST_BYTES / ((long) model.config().vocabSize() * Float.BYTES);
        return (int) Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, rows));
    }
}
