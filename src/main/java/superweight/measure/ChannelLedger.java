package superweight.measure;

import ai.djl.ndarray.NDArray;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import superweight.Progress;
import superweight.model.CausalLM;
import superweight.model.HookPoint.Site;
import superweight.model.LinearLayer;

/**
 * What the original model writes to one channel of the residual stream on one token, layer by layer: who makes a super
 * activation and who takes it away (paper section 3.1: Y_ij is the sum of products X_ik W_jk).
 *
 * @param entries one per decoder layer
 */
public record ChannelLedger(List<Entry> entries) {
    /**
     * What one layer does to the channel.
     *
     * @param attention what attention adds
     * @param mlp what the MLP adds
     * @param column the input channel of down_proj whose product with its weight is of largest magnitude
     * @param product that product, a part of {@code mlp}
     * @param after the channel after the layer
     */
    public record Entry(double attention, double mlp, int column, double product, double after) {
        /** The channel before the layer. */
        public double before() {
            return after - mlp - attention;
        }
    }

    public ChannelLedger {
        entries = List.copyOf(entries);
    }

    /**
     * Keeps the books on several texts.
     *
     * @param texts token ids
     * @param tokens one position in each text, from 0
     * @param channel of the residual stream
     * @return one ledger a text
     */
    public static List<ChannelLedger> measureAll(
            CausalLM model, List<int[]> texts, int[] tokens, int channel, Progress progress) {
        List<Page> pages = IntStream.range(0, texts.size())
                .mapToObj(text -> new Page(texts.get(text), tokens[text], channel))
                .toList();
        return Batches.measureAll(
                        model, pages, page -> page.ids.length, List.of(Condition.ORIGINAL), ChannelLedger.class,
                        progress, (batch, some, part) -> measureBatch(model, batch, channel, part))
                .get(0);
    }

    private record Page(int[] ids, int token, int channel) {}

    private static List<ChannelLedger> measureBatch(
            CausalLM model, List<Page> pages, int channel, Progress progress) {
        int layers = model.config().numHiddenLayers();
        List<Book> books = pages.stream().map(page -> new Book(layers)).toList();
        float[][] rows = new float[layers][]; // of down_proj, the one that writes the channel
        Set<Site> sites = Set.of(Site.ATTN_OUT, Site.MLP_POST, Site.MLP_OUT, Site.RESID_POST);
        List<int[]> texts = pages.stream().map(Page::ids).toList();
        var original = List.of(Condition.ORIGINAL);
        Activations.read(model, texts, layers, original, sites, progress, (condition, text, point, all) -> {
            int layer = point.layer();
            try (NDArray token = all.get(pages.get(text).token)) { // [channels]
                float[] values = token.toFloatArray();
                if (point.site() == Site.MLP_POST) {
                    rows[layer] = rows[layer] == null
                            ? model.weightRow(layer, LinearLayer.DOWN_PROJ, channel)
                            : rows[layer];
                    books.get(text).products(layer, values, rows[layer]);
                } else {
                    books.get(text).written.get(point.site())[layer] = values[channel];
                }
            }
        });
        return books.stream().map(Book::ledger).toList();
    }

    /** The books of one text while the model is run. */
    private static final class Book {
        private final Map<Site, double[]> written = new EnumMap<>(Site.class);
        private final int[] columns;
        private final double[] products;

        Book(int layers) {
            columns = new int[layers];
            products = new double[layers];
            Stream.of(Site.ATTN_OUT, Site.MLP_OUT, Site.RESID_POST)
                    .forEach(site -> written.put(site, new double[layers]));
        }

        void products(int layer, float[] input, float[] row) {
            float[] product = new float[row.length];
            for (int column = 0; column < row.length; column++) {
                product[column] = input[column] * row[column];
            }
            columns[layer] = Activations.largest(product);
            products[layer] = product[columns[layer]];
        }

        ChannelLedger ledger() {
            return new ChannelLedger(IntStream.range(0, columns.length)
                    .mapToObj(layer -> new Entry(
                            written.get(Site.ATTN_OUT)[layer],
                            written.get(Site.MLP_OUT)[layer],
                            columns[layer],
                            products[layer],
                            written.get(Site.RESID_POST)[layer]))
                    .toList());
        }
    }
}
