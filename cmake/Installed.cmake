# What `cmake --install` and the Debian package of `cpack` hold: the program and what it writes about itself.
include(GNUInstallDirs)

install(TARGETS cidrplan RUNTIME)

# cidrplan_writes(FILE FOLDER ARGUMENT...): installs what `cidrplan ARGUMENT...` prints.
function(cidrplan_writes file folder)
  set(path "${PROJECT_BINARY_DIR}/installed/${file}")
  add_custom_command(OUTPUT "${path}" COMMAND cidrplan ${ARGN} > "${path}" DEPENDS cidrplan VERBATIM)
  set_property(GLOBAL APPEND PROPERTY CIDRPLAN_WRITTEN "${path}")
  install(FILES "${path}" DESTINATION "${folder}")
endfunction()

file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/installed")
cidrplan_writes(cidrplan.1 "${CMAKE_INSTALL_MANDIR}/man1" man)
cidrplan_writes(cidrplan "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" completion bash)
cidrplan_writes(_cidrplan "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions" completion zsh)
cidrplan_writes(cidrplan.fish "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" completion fish)
get_property(written GLOBAL PROPERTY CIDRPLAN_WRITTEN)
add_custom_target(cidrplan_installed ALL DEPENDS ${written})

install(FILES README.md CHANGELOG.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY docs samples DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}" RENAME copyright)

# The package's dependencies are found by dpkg-shlibdeps; without it there would be none, so there is no package.
find_program(CIDRPLAN_SHLIBDEPS dpkg-shlibdeps)
mark_as_advanced(CIDRPLAN_SHLIBDEPS)
if(CIDRPLAN_SHLIBDEPS)
  set(CPACK_GENERATOR DEB)
  set(CPACK_PACKAGE_CONTACT "The cidrplan authors")
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SECTION net)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
  set(CPACK_STRIP_FILES ON)
  set(CPACK_VERBATIM_VARIABLES ON)
  include(CPack)
endif()
