package superweight.cli;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an option's value that is one of a few names; a wrong one is told the names as they are to be typed. */
final class EnumNames<E extends Enum<E>> implements ITypeConverter<E> {
    private final Class<E> type;

    private EnumNames(Class<E> type) {
        this.type = type;
    }

    /** Has every option of a type, in every command, read so. */
    static <E extends Enum<E>> void register(CommandLine commandLine, Class<E> type) {
        commandLine.registerConverter(type, new EnumNames<>(type));
    }

    @Override
    public E convert(String typed) {
        return Stream.of(type.getEnumConstants())
                .filter(constant -> constant.name().equalsIgnoreCase(typed))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "expected one of " + names() + ", but it is '" + typed + "'"));
    }

    private String names() {
        return Stream.of(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
