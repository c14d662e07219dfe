package io.shiftadd.kernel.species;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;

/**
 * Sets up vector implementations. One is written once, for a vector length that it takes from its class data
 * ({@link VectorLength}), and defined once for each length as a hidden class: the length has to be a constant of the
 * class for the just-in-time compiler to turn vector operations into instructions.
 */
public final class VectorClass {

    private VectorClass() {}

    /**
     * A new instance of a class for the vectors of a species.
     *
     * @param room a lookup of the package that the class is in
     * @param template simple name of the class
     */
    public static <T> T instance(MethodHandles.Lookup room, Class<T> role, String template, KernelSpecies species) {
        try (InputStream in = room.lookupClass().getResourceAsStream(template + ".class")) {
            if (in == null) {
                throw new IllegalStateException("the class " + template + " is missing from this build");
            }
            Class<?> kernel = room.defineHiddenClassWithClassData(in.readAllBytes(), species.vectorBits(), true)
                    .lookupClass();
            Constructor<?> constructor = kernel.getDeclaredConstructor();
            // Of the room, as the class is.
            constructor.setAccessible(true);
            return role.cast(constructor.newInstance());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(template + " cannot be set up for " + species.label(), e);
        }
    }
}
