package io.shiftadd.registry.imageset;

import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;

interface ImageSetRepository extends JpaRepository<RegisteredImages, UUID> {

    Optional<RegisteredImages> findByName(String name);

    Page<RegisteredImages> findByNameContainingIgnoreCase(String part, Pageable page);
}
