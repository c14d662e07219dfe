package io.shiftadd.registry.text;

import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;

interface TextRepository extends JpaRepository<Text, UUID> {

    Optional<Text> findByName(String name);

    boolean existsByLocation(String location);

    boolean existsByLocationAndUploadedTrue(String location);

    Page<Text> findByNameContainingIgnoreCase(String part, Pageable page);
}
