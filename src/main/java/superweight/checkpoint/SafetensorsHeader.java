package superweight.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the table of tensors that a safetensors file begins with; nothing in it is trusted. */
final class SafetensorsHeader {
    private static final String METADATA = "__metadata__";
    private static final String DTYPE = "dtype";
    private static final String SHAPE = "shape";
    private static final String OFFSETS = "data_offsets";

    private static final int MOST_TENSORS = 200_000;
    private static final int LONGEST_NAME = 1024;
    private static final int MOST_DIMENSIONS = 8;

    /**
     * One tensor.
     *
     * @param begin where its data begins, in bytes from the end of the header
     * @param end where its data ends; {@code end - begin} is what type and shape ask for
     */
    record Entry(String name, TensorType type, Shape shape, long begin, long end) {}

    private final JsonInput input;
    private final List<Entry> entries = new ArrayList<>();

    private SafetensorsHeader(JsonInput input) {
        this.input = input;
    }

    /** The tensors in the order in which the header lists them. */
    static List<Entry> read(Path path, byte[] json) {
        return JsonInput.read(path, "the header", json, input -> {
            SafetensorsHeader header = new SafetensorsHeader(input);
            input.object("the header", header::readMember);
            return List.copyOf(header.entries);
        });
    }

    private void readMember(String name) throws IOException {
        if (name.equals(METADATA)) {
            input.object(METADATA, key -> input.string("the value of " + METADATA + " key \"" + key + "\""));
        } else {
            if (entries.size() == MOST_TENSORS) {
                throw input.refuse("the number of tensors", "at most " + MOST_TENSORS, "larger");
            }
            requireName(name);
            entries.add(readEntry(name));
        }
    }

    private Entry readEntry(String name) throws IOException {
        Fields fields = new Fields(" of tensor " + name);
        input.object("the entry of tensor " + name, fields::read);
        TensorType type = fields.require(DTYPE, fields.type);
        Shape shape = fields.require(SHAPE, fields.shape);
        List<Long> offsets = fields.require(OFFSETS, fields.offsets);
        if (offsets.size() != 2) {
            throw input.refuse("the data_offsets of tensor " + name, "two numbers", offsets.size() + " of them");
        }
        return entry(name, type, shape, offsets.get(0), offsets.get(1));
    }

    /** The fields of one entry, in whatever order they come. */
    private final class Fields {
        private final String tensor;
        private Optional<TensorType> type = Optional.empty();
        private Optional<Shape> shape = Optional.empty();
        private Optional<List<Long>> offsets = Optional.empty();

        Fields(String tensor) {
            this.tensor = tensor;
        }

        void read(String field) throws IOException {
            switch (field) {
                case DTYPE -> type = Optional.of(readType(tensor));
                case SHAPE -> shape = Optional.of(new Shape(readNumbers("the shape" + tensor, MOST_DIMENSIONS)));
                case OFFSETS -> offsets = Optional.of(readNumbers("the data_offsets" + tensor, 2));
                default -> throw input.refuse("the entry" + tensor, "made of dtype, shape and data_offsets",
                        "one with the field \"" + field + "\"");
            }
        }

        <T> T require(String field, Optional<T> value) {
            return value.orElseThrow(() -> input.refuse("the " + field + tensor, "there", "missing"));
        }
    }

    private Entry entry(String name, TensorType type, Shape shape, long begin, long end) {
        long bytes = bytes(name, type, shape);
        if (end < begin || end - begin != bytes) {
            throw input.refuse("the data of tensor " + name,
                    bytes + " bytes long, as " + type + " of shape " + shape + " takes",
                    "declared to reach from " + begin + " to " + end);
        }
        return new Entry(name, type, shape, begin, end);
    }

    private TensorType readType(String tensor) throws IOException {
        String dtype = input.string("the dtype" + tensor);
        Optional<TensorType> type = TensorType.withSafetensorsName(dtype);
        return type.orElseThrow(() -> input.refuse(
                "the dtype" + tensor, "one of " + TensorType.supportedBySafetensors(), dtype));
    }

    private List<Long> readNumbers(String what, int most) throws IOException {
        List<Long> numbers = new ArrayList<>();
        input.array(what, most, () -> numbers.add(input.wholeNumber("a number in " + what)));
        return numbers;
    }

    private long bytes(String name, TensorType type, Shape shape) {
        try {
            return Math.multiplyExact(shape.elements(), (long) type.bytesPerBlock());
        } catch (ArithmeticException e) {
            throw input.refuse("the size of tensor " + name, "less than 2^63 bytes", "that of shape " + shape);
        }
    }

    private void requireName(String name) {
        String what = "the name of tensor " + entries.size();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw input.refuse(what, "from 1 to " + LONGEST_NAME + " characters long", name.length() + " long");
        }
        if (name.codePoints().anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)) {
            throw input.refuse(what, "free of control characters and halves of characters", '"' + name + '"');
        }
    }
}
