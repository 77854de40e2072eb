<?php
namespace Lib;
class Lib {}
