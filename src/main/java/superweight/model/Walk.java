package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import superweight.Progress;
import superweight.checkpoint.ModelConfig;

/**
 * Many runs through the decoder layers at once: layer-major, copy on diverge.
 *
 * <p>A layer's weights are taken once for all runs. Runs share one hidden state up to the first layer in which their
 * interventions differ, and have one of their own from there on; what one of them changes is not seen by another.
 */
public final class Walk implements AutoCloseable {
    /** Rows that go through a layer together: more gain nothing, and fewer would wait for the weights. */
    private static final int BATCH_ROWS = 1024;

    private final ModelConfig config;
    private final List<Sequence> sequences;
    private final NDManager scope;
    private final Rotary rotary;
    private final Weights.Layers layers;
    private final int count;
    private int at = -1;
    private Optional<DecoderLayer> layer = Optional.empty();
    private States inputs;
    private States outputs;

    /** One hidden state for each run that differs from the others so far, {@code [T, hidden]}. */
    private record States(Map<ForwardPass, NDArray> byRun, NDManager scope) {
        static States in(NDManager parent) {
            return new States(new HashMap<>(), parent.newSubManager());
        }

        void put(ForwardPass run, NDArray state) {
            state.attach(scope);
            byRun.put(run, state);
        }
    }

    /**
     * @param parent owns what the walk makes
     * @param layers how many to go through, from the first on
     */
    Walk(NDManager parent, ModelConfig config, Weights weights, List<Sequence> sequences, int layers) {
        this.config = config;
        this.sequences = List.copyOf(sequences);
        this.count = layers;
        this.scope = parent.newSubManager();
        this.inputs = States.in(scope);
        this.outputs = States.in(scope);
        try {
            this.rotary = Rotary.of(scope, config, sequences.stream().mapToInt(Sequence::longest).max().orElse(0));
            for (int i = 0; i < sequences.size(); i++) {
                outputs.put(ForwardPass.original(i), weights.embed(sequences.get(i).ids(), scope));
            }
            this.layers = weights.layers(layers);
        } catch (RuntimeException | Error e) { // nobody has the walk yet to close it
            scope.close();
            throw e;
        }
    }

    /** Goes on to the next layer, if there is one; what was not run through the last one is left behind. */
    public boolean nextLayer() {
        at++;
        inputs.scope().close();
        inputs = outputs;
        outputs = States.in(scope);
        layer = at < count ? Optional.of(layers.next()) : Optional.empty();
        return layer.isPresent();
    }

    /** The layer that the walk has come to, from 0. */
    public int layer() {
        return at;
    }

    /** The weights of one matrix of this layer in the original model, row-major {@code [out, in]}. */
    public float[] weight(LinearLayer matrix) {
        return here().weights().get(matrix).values();
    }

    /** The same outside the heap: a copy in {@code scope}, {@code [out, in]}. */
    public NDArray weight(LinearLayer matrix, NDManager scope) {
        return here().weights().get(matrix).plain(scope);
    }

    /** One row of a matrix of this layer in the original model: {@code [in]}. */
    public float[] weightRow(LinearLayer matrix, int row) {
        return here().weights().get(matrix).row(row);
    }

    /**
     * Runs this layer. Later calls may add runs that part from the others in this layer.
     *
     * @param runs each of them, up to its interventions in this layer, has gone through all layers before
     * @param reader is shown every activation of each run that is new
     */
    public void run(List<ForwardPass> runs, ActivationReader reader) {
        run(runs, reader, rows -> {});
    }

    /** Takes runs through all layers that are left. */
    public void through(List<ForwardPass> runs, ActivationReader reader, Progress progress) {
        long all = 0;
        for (int each = at + 1; each < count; each++) {
            all += work(runs, each);
        }
        long done = 0;
        while (nextLayer()) {
            long before = done;
            double total = all;
            String where = "layer " + (at + 1) + " of " + count;
            AtomicLong rows = new AtomicLong(before);
            run(runs, reader, more -> progress.at(rows.addAndGet(more) / total, where));
            done += work(runs, at);
        }
    }

    /** How many rows a layer is run for. */
    private long work(List<ForwardPass> runs, int layer) {
        Set<ForwardPass> distinct = runs.stream().map(run -> run.before(layer + 1)).collect(Collectors.toSet());
        return distinct.stream().mapToLong(run -> sequences.get(run.sequence()).tokens()).sum();
    }

    /** A function of each run's hidden state after the last layer; runs that are equal share its value. */
    <T> List<T> states(List<ForwardPass> runs, Function<NDArray, T> function) {
        Map<ForwardPass, T> values = new HashMap<>();
        runs.forEach(run -> values.computeIfAbsent(run.before(at), each -> function.apply(input(each))));
        return runs.stream().map(run -> values.get(run.before(at))).toList();
    }

    @Override
    public void close() {
        try (scope) {
            layers.close();
        }
    }

    private void run(List<ForwardPass> runs, ActivationReader reader, IntConsumer done) {
        DecoderLayer original = here();
        Map<ForwardPass, List<Integer>> indices = new LinkedHashMap<>();
        for (int i = 0; i < runs.size(); i++) {
            runs.get(i).interventions().forEach(intervention -> intervention.check(config));
            indices.computeIfAbsent(runs.get(i).before(at + 1), run -> new ArrayList<>()).add(i);
        }
        indices.keySet().removeAll(outputs.byRun().keySet());
        Map<List<Intervention>, List<ForwardPass>> groups =
                grouped(indices.keySet(), run -> run.beforeDownProj(at).in(at));
        groups.forEach((interventions, members) -> {
            try (NDManager edits = scope.newSubManager()) {
                DecoderLayer changed = original.with(interventions, edits);
                Map<ForwardPass, List<ForwardPass>> parting = grouped(members, run -> run.beforeDownProj(at));
                Map<List<Intervention>, DecoderLayer> ends = new LinkedHashMap<>();
                members.forEach(run -> ends.computeIfAbsent(
                        run.fromDownProjOn(at), late -> changed.with(late, edits)));
                for (List<ForwardPass> batch : batches(List.copyOf(parting.keySet()))) {
                    forward(changed, ends, batch, parting, indices, reader, done);
                }
            }
        });
    }

    private static <K> Map<K, List<ForwardPass>> grouped(Collection<ForwardPass> runs, Function<ForwardPass, K> key) {
        return runs.stream().collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
    }

    private List<List<ForwardPass>> batches(List<ForwardPass> runs) {
        List<List<ForwardPass>> batches = new ArrayList<>();
        int room = 0;
        for (ForwardPass run : runs) {
            if (batches.isEmpty() || tokens(run) > room) {
                batches.add(new ArrayList<>());
                room = BATCH_ROWS;
            }
            batches.get(batches.size() - 1).add(run);
            room -= tokens(run);
        }
        return batches;
    }

    /**
     * Runs a layer for runs that are one up to down_proj, and from there on for each that parts from them.
     *
     * @param ends the layer as its interventions from down_proj on make it
     * @param heads what the runs are up to down_proj
     * @param parting the runs that part from each of them
     */
    private void forward(
            DecoderLayer changed,
            Map<List<Intervention>, DecoderLayer> ends,
            List<ForwardPass> heads,
            Map<ForwardPass, List<ForwardPass>> parting,
            Map<ForwardPass, List<Integer>> indices,
            ActivationReader reader,
            IntConsumer done) {
        try (NDManager batchScope = scope.newSubManager()) {
            NDArray x = rows(heads, batchScope); // [rows, hidden]
            Batch batch = batch(
                    heads,
                    head -> parting.get(head).stream().flatMap(run -> indices.get(run).stream()).toList(),
                    reader,
                    batchScope);
            DecoderLayer.Middle middle = changed.toDownProj(x, batch);
            ends.forEach((late, end) -> {
                List<ForwardPass> runs = heads.stream()
                        .flatMap(head -> parting.get(head).stream())
                        .filter(run -> run.fromDownProjOn(at).equals(late))
                        .toList();
                List<Integer> chosen = runs.stream().map(run -> heads.indexOf(run.beforeDownProj(at))).toList();
                if (!runs.isEmpty()) {
                    end(end, batch.only(chosen, i -> indices.get(runs.get(i))), middle.only(batch, chosen), runs);
                    done.accept(runs.stream().mapToInt(this::tokens).sum());
                }
            });
        }
    }

    private void end(DecoderLayer end, Batch batch, DecoderLayer.Middle middle, List<ForwardPass> runs) {
        try (NDManager endScope = scope.newSubManager()) {
            middle.h().tempAttach(endScope);
            middle.post().tempAttach(endScope);
            NDArray out = end.fromDownProj(middle, batch); // [rows, hidden]
            for (int i = 0; i < runs.size(); i++) {
                outputs.put(runs.get(i), runs.size() == 1 ? out : batch.parts().get(i).of(out));
            }
        }
    }

    /** The states of some runs, one below the other, so that what is made of them belongs to {@code batchScope}. */
    private NDArray rows(List<ForwardPass> runs, NDManager batchScope) {
        NDList states = new NDList();
        for (ForwardPass run : runs) {
            NDArray state = input(run.before(at));
            state.tempAttach(batchScope);
            states.add(state);
        }
        return states.size() == 1 ? states.get(0) : NDArrays.concat(states, 0);
    }

    private Batch batch(
            List<ForwardPass> runs,
            Function<ForwardPass, List<Integer>> indices,
            ActivationReader reader,
            NDManager batchScope) {
        List<Batch.Part> parts = new ArrayList<>();
        int from = 0;
        for (ForwardPass run : runs) {
            int to = from + tokens(run);
            Sequence sequence = sequences.get(run.sequence());
            parts.add(new Batch.Part(from, to, mask(sequence, batchScope), indices.apply(run)));
            from = to;
        }
        int[] positions = runs.stream()
                .flatMapToInt(run -> Arrays.stream(sequences.get(run.sequence()).positions()))
                .toArray();
        return new Batch(parts, rotary.at(positions, batchScope), reader);
    }

    private static Optional<NDArray> mask(Sequence sequence, NDManager batchScope) {
        return sequence.isCausal()
                ? Optional.empty()
                : Optional.of(batchScope.create(
                        sequence.mask(), new Shape(sequence.tokens(), sequence.tokens())));
    }

    private int tokens(ForwardPass run) {
        return sequences.get(run.sequence()).tokens();
    }

    private NDArray input(ForwardPass run) {
        return Optional.ofNullable(inputs.byRun().get(run)).orElseThrow(() -> new IllegalStateException(
                "sequence " + run.sequence() + " with " + run.interventions() + " has not come to this layer"));
    }

    private DecoderLayer here() {
        return layer.orElseThrow(() -> new IllegalStateException("the walk has not come to a layer"));
    }
}
